/** What is on its way, what arrived, and what did not and why. */

import { useEffect, useRef, useState } from "react";
import { Icon } from "./Icon";
import { isRunning, type Upload, type Uploads } from "./uploads";
import { many, refusal, share, size } from "./messages";

export function UploadList({ uploads, all }: { uploads: Uploads; all: readonly Upload[] }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const done = all.filter(({ state }) => state.is === "done");
  // The pressed button disappears with its row: the focus moves to the list.
  const then = (action: () => void) => () => {
    action();
    heading.current?.focus();
  };
  return (
    <>
      <Announcer all={all} />
      {all.length > 0 && (
        <section aria-labelledby="uploads-title">
          <div className="title">
            <h2 id="uploads-title" ref={heading} tabIndex={-1}>Uploads</h2>
            {done.length > 0 && (
              <button onClick={then(() => done.forEach(({ id }) => uploads.dismiss(id)))}>Clear finished</button>
            )}
          </div>
          <ul className="rows">
            {all.map((upload) => <Row key={upload.id} upload={upload} uploads={uploads} then={then} />)}
          </ul>
        </section>
      )}
    </>
  );
}

interface RowProps {
  upload: Upload;
  uploads: Uploads;
  then: (action: () => void) => () => void;
}

function Row({ upload: { id, file, state }, uploads, then }: RowProps) {
  // A file that was refused for its size or type would be refused again.
  const mayRetry = state.is === "cancelled" || (state.is === "failed" && state.why.kind !== "too large" && state.why.kind !== "type");
  const runs = isRunning(state) || state.is === "waiting";
  const isPaused = state.is === "paused";
  return (
    <li className={`row ${state.is}`}>
      <Icon name={state.is === "done" ? "done" : state.is === "failed" ? "failed" : "file"} />
      <div className="about">
        <p className="name"><bdi>{file.name}</bdi></p>
        <p className={state.is === "failed" ? "problem-text" : "quiet"}>{stateInWords(file, state)}</p>
        {(runs || isPaused) && <Bar file={file} state={state} />}
      </div>
      <div className="actions">
        {((state.is === "sending" && state.inParts) || isPaused) && (
          // One button, which keeps the focus.
          <button onClick={() => (isPaused ? uploads.resume(id) : uploads.pause(id))} aria-label={`${isPaused ? "Resume" : "Pause"} ${file.name}`}>
            <Icon name={isPaused ? "resume" : "pause"} /><span>{isPaused ? "Resume" : "Pause"}</span>
          </button>
        )}
        {(runs || isPaused) && (
          <button onClick={then(() => uploads.cancel(id))} aria-label={`Cancel ${file.name}`}><Icon name="close" /><span>Cancel</span></button>
        )}
        {mayRetry && (
          <button onClick={then(() => uploads.retry(id))} aria-label={`Retry ${file.name}`}><Icon name="retry" /><span>Retry</span></button>
        )}
        {!runs && !isPaused && (
          <button className="plain" onClick={then(() => uploads.dismiss(id))} aria-label={`Take ${file.name} off this list`}><Icon name="close" /></button>
        )}
      </div>
    </li>
  );
}

function Bar({ file, state }: Pick<Upload, "file" | "state">) {
  const sent = "sent" in state ? state.sent : 0;
  // An empty file has nothing to measure by.
  const known = "sent" in state && file.size > 0;
  return <progress aria-label={`Progress of ${file.name}`} max={1} value={known ? sent / file.size : state.is === "waiting" ? 0 : undefined} />;
}

function stateInWords(file: File, state: Upload["state"]): string {
  switch (state.is) {
    case "waiting":
      return `${size(file.size)}, waiting`;
    case "asking":
      return `${size(file.size)}, starting`;
    case "sending":
      if (state.waits) return `${share(state.sent, file.size)}, waiting for the network`;
      return file.size > 0 && state.sent < file.size ? share(state.sent, file.size) : `${size(file.size)}, finishing`;
    case "paused":
      return `${share(state.sent, file.size)}, paused`;
    case "done":
      return `${size(file.size)}, uploaded`;
    case "cancelled":
      return `${size(file.size)}, cancelled`;
    case "failed":
      return refusal(state.why, file);
  }
}

/** Tells a screen reader what came of each file, one after the other, and nothing of the way there. */
function Announcer({ all }: { all: readonly Upload[] }) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const told = useRef(new Map<number, Upload["state"]["is"]>());
  useEffect(() => {
    const news = all.filter(({ id, state }) => told.current.get(id) !== state.is).flatMap(({ file, state }) => {
      if (state.is === "done") return [`${file.name} uploaded.`];
      return state.is === "failed" ? [`${file.name}: ${refusal(state.why, file)}`] : [];
    });
    told.current = new Map(all.map(({ id, state }) => [id, state.is]));
    const left = all.filter(({ state }) => isRunning(state) || state.is === "waiting").length;
    if (news.length > 0) setLines((was) => [...was, ...news, ...(left > 0 ? [`${many(left, "file")} to go.`] : [])]);
  }, [all]);
  return (
    <div className="visually-hidden" role="log" aria-label="What became of the uploads">
      {lines.map((line, index) => <p key={index}>{line}</p>)}
    </div>
  );
}
