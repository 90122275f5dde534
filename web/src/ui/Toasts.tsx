/** Short messages at the edge of the window, some with a way back. */

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { texts } from "../languages";
import { Icon } from "../Icon";

export interface Toast {
  text: string;
  isBad?: boolean;
  undo?: () => void;
}

export type Tell = (toast: Toast) => void;

/** How long a message stays, in milliseconds; one under the pointer or with the focus stays longer. */
const STAYS = 8_000;
const MOST = 3;

type Shown = Toast & { id: number };

/** The messages, and the function that adds one. */
export function useToasts(): [toasts: readonly Shown[], tell: Tell, close: (id: number) => void] {
  const [toasts, setToasts] = useState<readonly Shown[]>([]);
  const next = useRef(0);
  const tell = useCallback((toast: Toast) => {
    const id = next.current++;
    setToasts((was) => [...was, { ...toast, id }].slice(-MOST));
  }, []);
  const close = useCallback((id: number) => setToasts((was) => was.filter((it) => it.id !== id)), []);
  return [toasts, tell, close];
}

export function Toasts({ toasts, close }: { toasts: readonly Shown[]; close: (id: number) => void }) {
  return (
    <section className="toasts" aria-label={texts().toasts.label} role="status">
      {toasts.map((toast) => <One key={toast.id} toast={toast} close={close} />)}
    </section>
  );
}

function One({ toast: { id, text, isBad, undo }, close }: { toast: Shown; close: (id: number) => void }) {
  const [isHeld, setHeld] = useState(false);
  const end = useMemo(() => () => close(id), [id, close]);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(end, STAYS);
    return () => clearTimeout(timer);
  }, [isHeld, end]);
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false), onFocus: () => setHeld(true), onBlur: () => setHeld(false) };
  return (
    <div className={isBad ? "toast bad" : "toast"} {...hold}>
      <p>{text}</p>
      {undo && <button className="quiet-button" onClick={() => (undo(), end())}>{texts().toasts.undo}</button>}
      <button className="plain" aria-label={texts().toasts.close} onClick={end}><Icon name="close" /></button>
    </div>
  );
}
