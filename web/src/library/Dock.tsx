/** All uploads in one line at the edge of the window: how many, how fast, how long, and what to do with all of them. */

import { useSummary } from "@stackctl/react";
import { mayRetry, type Upload, type Uploads } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import type { Tell } from "../ui/Toasts";
import { size } from "../words";

interface Props {
  all: readonly Upload[];
  uploads: Uploads;
  tell: Tell;
}

export function Dock({ all, uploads, tell }: Props) {
  const { count, done, failed, paused, active, bytes, sent, speed, secondsLeft } = useSummary(all);
  if (count === 0) return null;
  const said = texts().dock;
  const isOver = active + paused === 0;
  const ids = (of: (it: Upload) => boolean) => all.filter(of).map(({ id }) => id);
  const cancelAll = () => {
    const cancelled = ids(({ state }) => state.is !== "done" && state.is !== "failed" && state.is !== "cancelled");
    uploads.cancel(...cancelled);
    tell({ text: texts().toasts.cancelledMany(cancelled.length), undo: () => uploads.retry(...cancelled) });
  };
  const close = () => {
    uploads.dismiss(...ids(({ state }) => state.is === "done" || state.is === "cancelled"));
    document.getElementById("folder-title")?.focus();
  };
  if (isOver && done === 0) return null;
  const details = [
    failed > 0 && <span key="failed" className="problem-text">{said.failed(failed)}</span>,
    paused > 0 && active > 0 && said.paused(paused),
    active > 0 && speed !== undefined && said.speed(size(Math.round(speed))),
    active > 0 && secondsLeft !== undefined && left(secondsLeft),
  ].filter(Boolean);
  return (
    <section className="dock" aria-label={said.label}>
      <div className="dock-words">
        <strong>{isOver ? said.allDone(done) : said.count(done, count)}</strong>
        {details.map((it, index) => <span key={index}>{it}</span>)}
      </div>
      <div className="actions">
        {!isOver && (
          // One button, which keeps the focus.
          active > 0
            ? <button key="pause" onClick={() => uploads.pause(...ids(() => true))}><Icon name="pause" /><span>{said.pauseAll}</span></button>
            : <button key="pause" onClick={() => uploads.resume(...ids(() => true))}><Icon name="resume" /><span>{said.resumeAll}</span></button>
        )}
        {!isOver && <button onClick={cancelAll}><Icon name="close" /><span>{said.cancelAll}</span></button>}
        {all.some(mayRetry) && <button onClick={() => uploads.retry(...ids(mayRetry))}><Icon name="retry" /><span>{said.retryFailed}</span></button>}
        {isOver && <button className="plain" aria-label={said.close} onClick={close}><Icon name="close" /></button>}
      </div>
      {!isOver && <progress aria-label={said.progress} max={1} value={bytes > 0 ? sent / bytes : done / count} />}
    </section>
  );
}

function left(seconds: number): string {
  const said = texts().dock.left;
  if (seconds < 55) return said.seconds(Math.max(1, Math.ceil(seconds / 5) * 5));
  return seconds < 3300 ? said.minutes(Math.round(seconds / 60) || 1) : said.hours(Math.round(seconds / 3600));
}
