/** Short messages at the edge of the window, some with a way back: a button, and Ctrl+Z or ⌘Z for the last one. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { texts } from "../languages";
import { Icon } from "../Icon";
import { useFrontDialog } from "./dialogs";

export interface Toast {
  text: string;
  isBad?: boolean;
  undo?: () => void;
  /** The message is gone, and `undo` was not called. */
  over?: () => void;
}

export type Tell = (toast: Toast) => void;

/** How long a message stays, in milliseconds; one under the pointer or with the focus stays longer. */
const STAYS = 8_000;
const MOST = 3;

type Shown = Toast & { id: number };

/** How a message ends. */
type Close = (id: number, how: "over" | "undone") => void;

/** The messages, the function that adds one, and the one that ends one. */
export function useToasts(): [toasts: readonly Shown[], tell: Tell, close: Close] {
  const [toasts, setToasts] = useState<readonly Shown[]>([]);
  const all = useRef(toasts);
  const next = useRef(0);
  const keep = useCallback((kept: readonly Shown[]) => setToasts((all.current = kept)), []);
  const tell = useCallback((toast: Toast) => {
    const now = [...all.current, { ...toast, id: next.current++ }];
    keep(now.slice(-MOST));
    for (const { over } of now.slice(0, -MOST)) over?.();
  }, [keep]);
  const close = useCallback<Close>((id, how) => {
    const ended = all.current.find((it) => it.id === id);
    if (!ended) return;
    keep(all.current.filter((it) => it !== ended));
    if (how === "undone") ended.undo?.();
    else ended.over?.();
  }, [keep]);
  return [toasts, tell, close];
}

interface Props {
  toasts: readonly Shown[];
  close: Close;
  /** The button that had the focus is gone. */
  undone: () => void;
}

export function Toasts({ toasts, close, undone }: Props) {
  const undo = useCallback((id: number) => {
    close(id, "undone");
    undone();
  }, [close, undone]);
  const last = toasts.findLast((it) => it.undo)?.id;
  useEffect(() => {
    if (last === undefined) return;
    const press = (event: KeyboardEvent) => {
      const isUndo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      // In a field it is the field's.
      if (!isUndo || (event.target as Element).closest("input:not([type=checkbox]), textarea, dialog")) return;
      event.preventDefault();
      undo(last);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [last, undo]);
  // Beside a modal dialog the messages would be neither in front nor reachable.
  return createPortal(
    <section className="toasts" aria-label={texts().toasts.label} role="status">
      {toasts.map((toast) => <One key={toast.id} toast={toast} close={close} undo={undo} />)}
    </section>,
    useFrontDialog() ?? document.body,
  );
}

function One({ toast: { id, text, isBad, undo: canUndo }, close, undo }: { toast: Shown; close: Close; undo: (id: number) => void }) {
  const [isHeld, setHeld] = useState(false);
  const end = useMemo(() => () => close(id, "over"), [id, close]);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(end, STAYS);
    return () => clearTimeout(timer);
  }, [isHeld, end]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return (
    <div className={isBad ? "toast bad" : "toast"} {...hold}>
      <p>{text}</p>
      {canUndo && <button className="quiet-button" aria-keyshortcuts="Control+Z Meta+Z" onClick={() => undo(id)}>{texts().toasts.undo}</button>}
      <button className="plain" aria-label={texts().toasts.close} onClick={end}><Icon name="close" /></button>
    </div>
  );
}
