/**
 * A file in a dialog. Nothing of a file runs in this page: text is shown as text, images, audio and video as such, and a PDF
 * in a frame whose origin is the bucket's.
 */

import { useEffect, useId, type KeyboardEvent } from "react";
import type { StoredFile } from "@stackctl/uploads";
import type { Actions } from "../folder/useActions";
import { texts } from "../languages";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../Icon";
import { size, time } from "../words";
import { Content } from "./Content";
import "../style/preview.css";

interface Props {
  /** The files that the arrows lead to. */
  files: readonly StoredFile[];
  /** The key of the file. */
  opened: string;
  open: (key: string) => void;
  close: () => void;
  actions: Actions;
  /** Undefined where the person may not. */
  remove: ((file: StoredFile) => void) | undefined;
}

export default function Preview({ files, opened, open, close, actions, remove }: Props) {
  const id = useId();
  const index = files.findIndex(({ key }) => key === opened);
  const file = files[index];
  const isGone = file === undefined;
  useEffect(() => {
    if (isGone) close();
  }, [isGone, close]);
  if (!file) return null;
  const said = texts().preview;
  const previous = files[index - 1];
  const next = files[index + 1];
  const press = ({ key, target }: KeyboardEvent) => {
    // In a player the arrows are the player's.
    if ((target as Element).closest("video, audio, pre")) return;
    if (key === "ArrowLeft" && previous) open(previous.key);
    if (key === "ArrowRight" && next) open(next.key);
  };
  return (
    <Dialog className="preview" labelledBy={id} close={close}>
      <div className="preview-frame" onKeyDown={press}>
        <header>
          <div className="about">
            <h2 id={id} title={file.name}><bdi>{file.name}</bdi></h2>
            <p className="quiet">{size(file.size)} · <time dateTime={file.changed.toISOString()}>{time(file.changed, "full")}</time></p>
          </div>
          <div className="actions">
            <button onClick={() => void actions.save([file])}><Icon name="download" /><span>{said.download}</span></button>
            <button onClick={() => void actions.copyLink(file)}><Icon name="link" /><span>{said.copy}</span></button>
            {remove && <button onClick={() => remove(file)}><Icon name="remove" /><span>{said.remove}</span></button>}
            <button className="plain" aria-label={said.close} onClick={close} autoFocus><Icon name="close" /></button>
          </div>
        </header>
        <div className="stage">
          <button className="plain turn" aria-label={said.previous} disabled={!previous} onClick={() => previous && open(previous.key)}><Icon name="previous" /></button>
          <Content key={file.key} file={file} endpoint={actions.endpoint} />
          <button className="plain turn" aria-label={said.next} disabled={!next} onClick={() => next && open(next.key)}><Icon name="next" /></button>
        </div>
      </div>
    </Dialog>
  );
}
