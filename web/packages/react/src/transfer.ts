/** Files that are dropped on the window or pasted into it. */

import { useEffect, useRef, useState } from "react";
import { filesOf, hasFiles } from "@stackctl/uploads";

type Add = (files: File[]) => void;

/**
 * The whole window takes drops while `isEnabled`. Otherwise it refuses them: the browser would leave the page for the file.
 * Returns whether files are being dragged over it.
 */
export function useDrop(add: Add, isEnabled: boolean): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    // The pointer enters a child before it leaves its parent.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth += 1;
      setOver(isEnabled);
    };
    const leave = (event: DragEvent) => {
      if (hasFiles(event.dataTransfer) && --depth <= 0) end();
    };
    const end = () => {
      depth = 0;
      setOver(false);
    };
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = isEnabled ? "copy" : "none";
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      end();
      if (!isEnabled) return;
      void filesOf(event.dataTransfer).then((files) => files.length > 0 && latest.current(files));
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
      setOver(false);
    };
  }, [isEnabled]);
  return isOver;
}

/** Files that are pasted, such as a screenshot, while `isEnabled`. */
export function usePaste(add: Add, isEnabled: boolean): void {
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    if (!isEnabled) return;
    const paste = (event: ClipboardEvent) => {
      if (!hasFiles(event.clipboardData)) return;
      event.preventDefault();
      void filesOf(event.clipboardData).then((files) => files.length > 0 && latest.current(files));
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [isEnabled]);
}
