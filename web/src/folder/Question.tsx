/** Asks before files are deleted, and shows how far the deletion is. */

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
  const [first] = files;
  const isOne = files.length === 1 && first !== undefined;
  const isBusy = done !== undefined;
  const go = async () => {
    if (isBusy) return;
    setDone(0);
    await remove(setDone);
    close();
  };
  return (
    <Dialog labelledBy={id} close={() => isBusy || close()}>
      <h2 id={id}>{isOne ? said.removeOne : said.removeMany(files.length)}</h2>
      <p aria-live="polite"><bdi>{isBusy && !isOne ? said.removing(done, files.length) : isOne ? said.goneOne(first.name) : said.goneMany}</bdi></p>
      <div className="choices">
        <button onClick={close} autoFocus disabled={isBusy}>{said.keep}</button>
        <button className="danger" onClick={() => void go()} aria-disabled={isBusy}>{said.remove}</button>
      </div>
    </Dialog>
  );
}
