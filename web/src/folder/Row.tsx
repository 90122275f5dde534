/** A row of the list: a file, or an upload on its way. */

import { memo, type CSSProperties } from "react";
import { isRunning, type Upload, type Uploads } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import { share, size, time } from "../words";
import type { Entry } from "./entries";
import { pieces } from "./kinds";
import { Tile } from "./Tile";
import type { Thumbnails } from "./thumbnails";

/** What rows do; one object for all of them, which does not change. */
export interface RowActions {
  select: (index: number, how: "toggle" | "range") => void;
  focus: (index: number) => void;
  open: (index: number) => void;
  save: (index: number) => void;
  copyLink: (index: number) => void;
  remove: (index: number) => void;
  cancel: (upload: Upload) => void;
}

interface Props {
  entry: Entry;
  index: number;
  isSelected: boolean;
  isActive: boolean;
  mayGet: boolean;
  mayRemove: boolean;
  thumbnails: Thumbnails;
  uploads: Uploads;
  actions: RowActions;
}

export const Row = memo(function Row(props: Props) {
  const { entry, index, isSelected, isActive, actions } = props;
  const state = entry.is === "upload" ? entry.upload.state.is : "stored";
  return (
    <div
      role="row"
      className={`row ${state}`}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={entry.is === "file" ? isSelected : undefined}
      tabIndex={isActive ? 0 : -1}
      style={{ "--index": index } as CSSProperties}
      onFocus={() => actions.focus(index)}
      onClick={(event) => {
        if ((event.target as Element).closest("button, input")) return;
        if (event.shiftKey) actions.select(index, "range");
        else if (event.ctrlKey || event.metaKey) actions.select(index, "toggle");
      }}
    >
      {entry.is === "file" ? <FileCells {...props} entry={entry} /> : <UploadCells {...props} entry={entry} />}
    </div>
  );
});

function FileCells({ entry, index, isSelected, isActive, mayGet, mayRemove, thumbnails, actions }: Props & { entry: Entry & { is: "file" } }) {
  const { name, file } = entry;
  const said = texts().list;
  // Only the active row is in the way of Tab; the arrows lead to the others.
  const tabIndex = isActive ? 0 : -1;
  const changed = <time dateTime={file.changed.toISOString()} title={time(file.changed, "full")}>{time(file.changed)}</time>;
  return (
    <>
      <div role="gridcell" className="check">
        <input type="checkbox" aria-label={said.select(name)} tabIndex={tabIndex} checked={isSelected} onChange={({ nativeEvent }) => actions.select(index, (nativeEvent as MouseEvent).shiftKey ? "range" : "toggle")} />
      </div>
      <div role="gridcell" className="about">
        <Tile entry={entry} thumbnails={thumbnails} mayFetch={mayGet} />
        <div className="two-lines">
          {mayGet
            ? <button className="name" title={name} aria-label={said.open(name)} tabIndex={tabIndex} onClick={() => actions.open(index)}><Name name={name} /></button>
            : <span className="name" title={name}><Name name={name} /></span>}
          <p className="second" aria-hidden="true">{size(file.size)} · {changed}</p>
        </div>
      </div>
      <div role="gridcell" className="size">{size(file.size)}</div>
      <div role="gridcell" className="changed">{changed}</div>
      <div role="gridcell" className="actions">
        {mayGet && <button className="plain" aria-label={said.download(name)} title={said.bulkDownload} tabIndex={tabIndex} onClick={() => actions.save(index)}><Icon name="download" /></button>}
        {mayGet && <button className="plain wide-only" aria-label={said.copy(name)} title={texts().preview.copy} tabIndex={tabIndex} onClick={() => actions.copyLink(index)}><Icon name="link" /></button>}
        {mayRemove && <button className="plain wide-only" aria-label={said.remove(name)} title={said.bulkRemove} tabIndex={tabIndex} onClick={() => actions.remove(index)}><Icon name="remove" /></button>}
      </div>
    </>
  );
}

function UploadCells({ entry, isActive, thumbnails, uploads, actions }: Props & { entry: Entry & { is: "upload" } }) {
  const { name, upload } = entry;
  const { id, file, state } = upload;
  const said = texts().upload;
  const isPaused = state.is === "paused";
  const runs = isRunning(state) || state.is === "waiting";
  const tabIndex = isActive ? 0 : -1;
  return (
    <>
      <div role="gridcell" className="check">{state.is === "done" && <Icon name="done" />}</div>
      <div role="gridcell" className="about across">
        <Tile entry={entry} thumbnails={thumbnails} mayFetch={false} />
        <div className="two-lines">
          <span className="name" title={name}><Name name={name} /></span>
          <p className="state" title={inWords(file, state)}>{inWords(file, state)}</p>
          {(runs || isPaused) && <Bar file={file} state={state} />}
        </div>
      </div>
      <div role="gridcell" className="actions">
        {((state.is === "sending" && state.inParts) || isPaused) && (
          // One button, which keeps the focus.
          <button className="plain" tabIndex={tabIndex} aria-label={isPaused ? said.resume(name) : said.pause(name)} onClick={() => (isPaused ? uploads.resume(id) : uploads.pause(id))}>
            <Icon name={isPaused ? "resume" : "pause"} />
          </button>
        )}
        {(runs || isPaused) && <button className="plain" tabIndex={tabIndex} aria-label={said.cancel(name)} onClick={() => actions.cancel(upload)}><Icon name="close" /></button>}
        {state.is === "done" && <button className="plain" tabIndex={tabIndex} aria-label={said.dismiss(name)} onClick={() => uploads.dismiss(id)}><Icon name="close" /></button>}
      </div>
    </>
  );
}

/** Cut before its end, where the extension stands. */
function Name({ name }: { name: string }) {
  const [start, end] = pieces(name);
  return <bdi><span className="start">{start}</span>{end && <span>{end}</span>}</bdi>;
}

function Bar({ file, state }: Pick<Upload, "file" | "state">) {
  const sent = "sent" in state ? state.sent : 0;
  // An empty file has nothing to measure by.
  const known = "sent" in state && file.size > 0;
  return <progress aria-label={texts().upload.progress(file.name)} max={1} value={known ? sent / file.size : state.is === "waiting" ? 0 : undefined} />;
}

function inWords(file: File, state: Upload["state"]): string {
  const said = texts().upload;
  switch (state.is) {
    case "waiting":
      return `${size(file.size)}, ${said.waiting}`;
    case "asking":
      return `${size(file.size)}, ${said.starting}`;
    case "sending":
      if (state.waits) return `${share(state.sent, file.size)}, ${said.noNetwork}`;
      return file.size > 0 && state.sent < file.size ? share(state.sent, file.size) : `${size(file.size)}, ${said.finishing}`;
    case "paused":
      return `${share(state.sent, file.size)}, ${said.paused}`;
    case "done":
      return `${size(file.size)}, ${said.uploaded}`;
    case "cancelled":
    case "failed":
      return size(file.size);
  }
}
