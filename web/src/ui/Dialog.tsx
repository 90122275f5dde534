/** A modal dialog. It is closed before it is taken away, so that the keyboard goes back to where it was. */

import { useLayoutEffect, useRef, type ReactNode } from "react";
import { note } from "./dialogs";

interface Props {
  /** The id of the element that names it. */
  labelledBy: string;
  className?: string;
  /** Escape, or a press beside the dialog. */
  close: () => void;
  children: ReactNode;
}

export function Dialog({ labelledBy, className, close, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const it = dialog.current;
    if (!it) return;
    it.showModal();
    const forget = note(it);
    return () => {
      forget();
      it.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={({ target }) => target === dialog.current && close()}
    >
      {children}
    </dialog>
  );
}
