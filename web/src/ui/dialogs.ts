/** The modal dialogs that are open. What is to be seen and reached while one is open has to be inside of it. */

import { useSyncExternalStore } from "react";

let open: readonly HTMLDialogElement[] = [];
const listeners = new Set<() => void>();

function tell(now: readonly HTMLDialogElement[]): void {
  open = now;
  for (const listener of listeners) listener();
}

/** Notes a dialog while it is open; returns the function that ends this. */
export function note(dialog: HTMLDialogElement): () => void {
  tell([...open, dialog]);
  return () => tell(open.filter((it) => it !== dialog));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The dialog in front of everything else. */
export function useFrontDialog(): HTMLDialogElement | undefined {
  return useSyncExternalStore(subscribe, () => open.at(-1));
}
