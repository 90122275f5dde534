/** Which rows of a long list stand in the window: only these become elements. */

import { useLayoutEffect, useState, type RefObject } from "react";

export interface VisibleRows {
  /** The first row, and the one after the last. */
  from: number;
  to: number;
}

/** Rows that are made beyond the window, and a multiple that keeps most scrolling without any work. */
const BEYOND = 8;

/** The list scrolls with the window; each row is `height` pixels high. */
export function useVisibleRows(list: RefObject<HTMLElement | null>, count: number, height: number): VisibleRows {
  const [rows, setRows] = useState<VisibleRows>({ from: 0, to: 4 * BEYOND });
  useLayoutEffect(() => {
    const look = () => {
      const above = list.current ? -list.current.getBoundingClientRect().top : 0;
      const step = (row: number) => Math.floor(row / BEYOND) * BEYOND;
      const from = Math.max(0, step(above / height) - BEYOND);
      const to = Math.max(0, step((above + window.innerHeight) / height) + 2 * BEYOND);
      setRows((was) => (was.from === from && was.to === to ? was : { from, to }));
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [list, count, height]);
  return { from: Math.min(rows.from, count), to: Math.min(rows.to, count) };
}
