/** What can be done with files: saved, linked, removed. */

import { useMemo } from "react";
import { Refusal, type Endpoint, type Files, type Removal, type StoredFile } from "@stackctl/uploads";
import { texts } from "../languages";
import type { Tell } from "../ui/Toasts";
import { refusal } from "../words";

export interface Actions {
  endpoint: Endpoint;
  save: (files: readonly StoredFile[]) => Promise<void>;
  copyLink: (file: StoredFile) => Promise<void>;
  /** Deletes after some seconds, in which the person can undo it. */
  removeLater: (files: readonly StoredFile[]) => void;
  /** Deletes at once. `progress` gets how many are done. */
  remove: (files: readonly StoredFile[], progress: (done: number) => void) => Promise<void>;
}

/** A frame is left in the page until its download has surely begun, in milliseconds. */
const FRAME_STAYS = 60_000;

export function useActions(endpoint: Endpoint, store: Files, tell: Tell, ended: () => void): Actions {
  return useMemo(() => {
    const explain = (error: unknown) => {
      const why = error instanceof Refusal ? error : new Refusal("broken", String(error));
      if (why.kind === "signed out") ended();
      return refusal(why);
    };
    const orTell = async (action: () => Promise<void>) => {
      try {
        await action();
      } catch (error) {
        tell({ text: explain(error), isBad: true });
      }
    };
    const tellFailed = ({ failed }: Removal) => {
      const [one] = failed;
      if (one) tell({ text: texts().toasts.notRemoved(failed.length, explain(one.why)), isBad: true });
    };
    return {
      endpoint,
      save: (files) =>
        orTell(async () => {
          for (const { key } of files) download((await endpoint.download(key)).url);
          if (files.length > 1) tell({ text: texts().toasts.downloading(files.length) });
        }),
      copyLink: (file) =>
        orTell(async () => {
          const link = endpoint.download(file.key);
          const content = link.then(({ url }) => new Blob([url], { type: "text/plain" }));
          // A refusal is told by the line below.
          content.catch(() => undefined);
          // Without waiting for the link: a browser lets a page write while the person's press is fresh.
          const isCopied = await copy(content);
          const { expiresAt } = await link;
          if (!isCopied) return tell({ text: texts().toasts.notCopied, isBad: true });
          tell({ text: texts().toasts.copied(file.name, lifetime(expiresAt - Date.now())) });
        }),
      removeLater: (files) => {
        const waiting = store.removeLater(files);
        const said = texts().toasts;
        const name = files.length === 1 ? files[0]?.name : undefined;
        tell({
          text: name === undefined ? said.removedMany(files.length) : said.removed(name),
          undo: () => {
            if (waiting.undo()) tell({ text: name === undefined ? said.keptMany(files.length) : said.kept(name) });
          },
          over: () => void waiting.send().then(tellFailed),
        });
      },
      remove: async (files, progress) => {
        const removal = await store.remove(files, progress);
        if (removal.removed.length > 0) tell({ text: texts().toasts.removedMany(removal.removed.length) });
        tellFailed(removal);
      },
    };
  }, [endpoint, store, tell, ended]);
}

/** In a frame of its own each: one navigation would end the one before. S3 answers with an attachment. */
function download(url: string): void {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.referrerPolicy = "no-referrer";
  frame.setAttribute("sandbox", "allow-downloads");
  frame.src = url;
  document.body.append(frame);
  setTimeout(() => frame.remove(), FRAME_STAYS);
}

async function copy(content: Promise<Blob>): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": content })]);
    return true;
  } catch {
    return false;
  }
}

function lifetime(milliseconds: number): string {
  const { seconds, minutes } = texts().toasts.lifetime;
  const count = Math.round(milliseconds / 1000);
  return count < 90 ? seconds(count) : minutes(Math.round(count / 60));
}
