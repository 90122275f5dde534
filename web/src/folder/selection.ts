/** Which files are selected, and how the mouse and the keyboard change that. */

import { useMemo, useRef, useState } from "react";
import type { StoredFile } from "@stackctl/uploads";
import type { Entry } from "./entries";

export interface Selection {
  /** The keys of the files. */
  keys: ReadonlySet<string>;
  /** `range`: all from the row that was selected last. */
  select: (entries: readonly Entry[], index: number, how: "toggle" | "range") => void;
  /** From where a range with the keyboard began to `to`. */
  extend: (entries: readonly Entry[], from: number, to: number) => void;
  all: (entries: readonly Entry[]) => void;
  clear: () => void;
  files: (entries: readonly Entry[]) => StoredFile[];
}

const NONE: ReadonlySet<string> = new Set();

export function useSelection(): Selection {
  const [keys, setKeys] = useState(NONE);
  const anchor = useRef<string>(undefined);
  return useMemo(() => {
    const between = (entries: readonly Entry[], to: number) => {
      const from = Math.max(0, entries.findIndex(({ id }) => id === anchor.current));
      const range = entries.slice(Math.min(from, to), Math.max(from, to) + 1);
      setKeys(new Set(range.filter(({ is }) => is === "file").map(({ id }) => id)));
    };
    return {
      keys,
      select: (entries, index, how) => {
        const entry = entries[index];
        if (entry?.is !== "file") return;
        if (how === "range" && anchor.current !== undefined) return between(entries, index);
        anchor.current = entry.id;
        setKeys((was) => {
          const now = new Set(was);
          if (!now.delete(entry.id)) now.add(entry.id);
          return now;
        });
      },
      extend: (entries, from, to) => {
        if (keys.size === 0) anchor.current = entries[from]?.id;
        between(entries, to);
      },
      all: (entries) => setKeys(new Set(entries.filter(({ is }) => is === "file").map(({ id }) => id))),
      clear: () => {
        anchor.current = undefined;
        setKeys(NONE);
      },
      // What the list does not show, after a search or a removal, is not acted on.
      files: (entries) => entries.flatMap((it) => (it.is === "file" && keys.has(it.id) ? [it.file] : [])),
    };
  }, [keys]);
}
