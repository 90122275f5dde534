/** Asks before many files are deleted, and shows how far the deletion is. */

import { useId, useState } from "react";
import type { StoredFile } from "@stackctl/uploads";
import { texts } from "../languages";
import { Dialog } from "../ui/Dialog";

interface Props {
  files: readonly StoredFile[];
  remove: (progress: (done: number) => void) => Promise<void>;
  close: () => void;
}

export function Question({ files, remove, close }: Props) {
  const [done, setDone] = useState<number>();
  const id = useId();
  const said = texts().question;
  const isBusy = done !== undefined;
  const go = async () => {
    if (isBusy) return;
    setDone(0);
    await remove(setDone);
    close();
  };
  return (
    <Dialog labelledBy={id} close={() => isBusy || close()}>
      <h2 id={id}>{said.title(files.length)}</h2>
      <p aria-live="polite">{isBusy ? said.removing(done, files.length) : said.gone}</p>
      <div className="choices">
        <button onClick={close} autoFocus disabled={isBusy}>{said.keep}</button>
        <button className="danger" onClick={() => void go()} aria-disabled={isBusy}>{said.remove}</button>
      </div>
    </Dialog>
  );
}
