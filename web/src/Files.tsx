/** The person's own files in the bucket. */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Endpoint, Listing, StoredFile } from "./endpoint";
import { Icon } from "./Icon";
import { refusal, size, time } from "./messages";
import { Refusal } from "./uploads";

interface Props {
  endpoint: Endpoint;
  /** How many uploads arrived: one more, and the list is read again. */
  arrived: number;
  /** The session turned out to be over. */
  ended: () => void;
}

type State = { is: "looking" } | { is: "hidden" } | { is: "there"; listing: Listing } | { is: "failed"; why: string };

export function Files({ endpoint, arrived, ended }: Props) {
  const [state, setState] = useState<State>({ is: "looking" });
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState<string>();
  const [doomed, setDoomed] = useState<StoredFile>();
  const [told, setTold] = useState("");
  const heading = useRef<HTMLHeadingElement>(null);
  const turn = useRef(0);

  const explain = useCallback((error: unknown) => {
    const why = error instanceof Refusal ? error : new Refusal("broken", String(error));
    if (why.kind === "signed out") ended();
    return refusal(why);
  }, [ended]);

  const look = useCallback(async () => {
    const mine = ++turn.current;
    try {
      const listing = await endpoint.list();
      if (mine === turn.current) setState(listing ? { is: "there", listing } : { is: "hidden" });
    } catch (error) {
      if (mine === turn.current) setState({ is: "failed", why: explain(error) });
    }
  }, [endpoint, explain]);

  useEffect(() => {
    void look();
    return () => {
      turn.current += 1;
    };
  }, [look, arrived]);

  const act = async (key: string, action: () => Promise<void>) => {
    setBusy(key);
    setProblem(undefined);
    try {
      await action();
    } catch (error) {
      setProblem(explain(error));
    } finally {
      setBusy(undefined);
    }
  };

  const save = ({ key }: StoredFile) =>
    act(key, async () => {
      const link = document.createElement("a");
      link.href = await endpoint.download(key);
      link.rel = "noreferrer";
      link.download = "";
      document.body.append(link);
      link.click();
      link.remove();
    });

  const remove = ({ key, name }: StoredFile) =>
    act(key, async () => {
      setDoomed(undefined);
      await endpoint.remove(key);
      setTold(`${name} removed.`);
      heading.current?.focus();
      await look();
    });

  if (state.is === "hidden") return null;
  return (
    <section aria-labelledby="files-title">
      <div className="title">
        <h2 id="files-title" ref={heading} tabIndex={-1}>Your files</h2>
        {state.is !== "looking" && <button onClick={() => void look()}><Icon name="retry" /><span>Refresh</span></button>}
      </div>
      <p className="visually-hidden" role="status">{told}</p>
      <div role="alert">{problem && <p className="problem"><Icon name="failed" />{problem}</p>}</div>
      {state.is === "looking" && <p className="quiet" aria-busy="true">Reading the list…</p>}
      {state.is === "failed" && <p className="problem" role="alert"><Icon name="failed" />{state.why}</p>}
      {state.is === "there" && state.listing.files.length === 0 && <p className="quiet empty">Nothing here yet. What you upload appears here; only you can see it.</p>}
      {state.is === "there" && state.listing.files.length > 0 && (
        <ul className="rows">
          {state.listing.files.map((file) => (
            <li key={file.key} className="row" aria-busy={busy === file.key}>
              <Icon name="file" />
              <div className="about">
                <p className="name"><bdi>{file.name}</bdi></p>
                <p className="quiet">{size(file.size)}, <time dateTime={file.changed.toISOString()}>{time(file.changed)}</time></p>
              </div>
              <div className="actions">
                {state.listing.mayDownload && (
                  <button onClick={() => void save(file)} aria-label={`Download ${file.name}`}><Icon name="download" /><span>Download</span></button>
                )}
                {state.listing.mayRemove && (
                  <button className="plain" onClick={() => setDoomed(file)} aria-label={`Remove ${file.name}`}><Icon name="remove" /></button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {state.is === "there" && state.listing.isCut && <p className="quiet">There are more files than this list has place for.</p>}
      {doomed && <Question file={doomed} yes={() => void remove(doomed)} no={() => setDoomed(undefined)} />}
    </section>
  );
}

function Question({ file, yes, no }: { file: StoredFile; yes: () => void; no: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it is taken away, so that the keyboard goes back to where it was.
  useLayoutEffect(() => {
    const it = dialog.current;
    it?.showModal();
    return () => it?.close();
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="question" onCancel={no}>
      <h2 id="question">Remove this file?</h2>
      <p><bdi>{file.name}</bdi> will be gone for good.</p>
      <div className="choices">
        <button onClick={no} autoFocus>Keep it</button>
        <button className="danger" onClick={yes}>Remove</button>
      </div>
    </dialog>
  );
}
