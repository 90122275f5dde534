/** The uploads that failed, each with its reason, above everything else. */

import { useRef, useState } from "react";
import { mayRetry, type Upload, type Uploads } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import { refusal } from "../words";

/** More are shown on request, so that the list of files stays in sight. */
const SHOWN = 4;

export function Problems({ failed, uploads }: { failed: readonly Upload[]; uploads: Uploads }) {
  const [isWhole, setWhole] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  if (failed.length === 0) return null;
  const said = texts().problems;
  const again = failed.filter(mayRetry);
  const shown = isWhole ? failed : failed.slice(0, SHOWN);
  // The pressed button disappears with its row: the focus moves to the heading, or with that to the list.
  const then = (action: () => void) => () => {
    const isLast = failed.length === 1;
    action();
    const next = isLast ? document.getElementById("folder-title") : heading.current;
    next?.focus();
  };
  return (
    <section className="problems" aria-labelledby="problems-title">
      <div className="problems-head">
        <Icon name="failed" />
        <h2 id="problems-title" ref={heading} tabIndex={-1}>{said.title(failed.length)}</h2>
        {again.length > 1 && <button onClick={then(() => uploads.retry(...again.map(({ id }) => id)))}>{said.retryAll}</button>}
        {failed.length > 1 && <button onClick={then(() => uploads.dismiss(...failed.map(({ id }) => id)))}>{said.dismissAll}</button>}
      </div>
      <ul>
        {shown.map((upload) => {
          const { id, file, state } = upload;
          return (
            <li key={id}>
              <div className="about">
                <p className="name"><bdi>{file.name}</bdi></p>
                <p>{state.is === "failed" && refusal(state.why, file)}</p>
              </div>
              {mayRetry(upload) && <button aria-label={texts().upload.retry(file.name)} onClick={then(() => uploads.retry(id))}>{said.retry}</button>}
              <button className="plain" aria-label={texts().upload.dismiss(file.name)} onClick={then(() => uploads.dismiss(id))}><Icon name="close" /></button>
            </li>
          );
        })}
      </ul>
      {failed.length > shown.length && <button className="quiet-button" onClick={() => setWhole(true)}>{said.more(failed.length - shown.length)}</button>}
    </section>
  );
}
