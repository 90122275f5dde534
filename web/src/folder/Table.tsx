/** The list: only the rows in the window are elements, and the keyboard does all that the mouse does. */

import { useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from "react";
import { useVisibleRows } from "@stackctl/react";
import type { StoredFile, Upload, Uploads, Verb } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import type { Column, Entry, Order } from "./entries";
import { Row, type RowActions } from "./Row";
import type { Selection } from "./selection";
import type { Thumbnails } from "./thumbnails";

const COLUMNS: readonly Column[] = ["name", "size", "changed"];

interface Props {
  entries: readonly Entry[];
  verbs: readonly Verb[];
  selection: Selection;
  order: Order;
  sortBy: (column: Column) => void;
  thumbnails: Thumbnails;
  uploads: Uploads;
  open: (file: StoredFile) => void;
  save: (files: readonly StoredFile[]) => void;
  copyLink: (file: StoredFile) => void;
  remove: (files: readonly StoredFile[]) => void;
  cancel: (upload: Upload) => void;
}

export function Table(props: Props) {
  const { entries, verbs, selection, order, sortBy, thumbnails, uploads } = props;
  const [active, setActive] = useState(0);
  const body = useRef<HTMLDivElement>(null);
  const height = useRowHeight(body);
  const rows = useVisibleRows(body, entries.length, height);
  const at = Math.min(active, entries.length - 1);
  const latest = useRef(props);
  latest.current = props;

  const actions = useMemo<RowActions>(() => {
    const withFile = (action: (file: StoredFile) => void) => (index: number) => {
      const entry = latest.current.entries[index];
      if (entry?.is === "file") action(entry.file);
    };
    return {
      select: (index, how) => {
        setActive(index);
        latest.current.selection.select(latest.current.entries, index, how);
      },
      focus: setActive,
      open: withFile((file) => latest.current.open(file)),
      save: withFile((file) => latest.current.save([file])),
      copyLink: withFile((file) => latest.current.copyLink(file)),
      remove: withFile((file) => latest.current.remove([file])),
      cancel: (upload) => latest.current.cancel(upload),
    };
  }, []);

  /** Moves to a row, which is an element at once, and shows it. */
  const moveTo = (index: number) => {
    setActive(index);
    requestAnimationFrame(() => {
      const row = body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: "nearest" });
    });
  };

  const press = (event: KeyboardEvent) => {
    const { key, shiftKey } = event;
    const withCommand = event.ctrlKey || event.metaKey;
    const isOnRow = (event.target as Element).getAttribute("role") === "row";
    const last = entries.length - 1;
    const page = Math.max(1, Math.floor(window.innerHeight / height) - 4);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last };
    const step = steps[key];
    const entry = entries[at];
    if (step !== undefined) {
      const to = Math.max(0, Math.min(last, step));
      if (shiftKey) selection.extend(entries, at, to);
      moveTo(to);
    } else if (key === "a" && withCommand) selection.all(entries);
    else if (key === "Escape" && selection.keys.size > 0) selection.clear();
    else if (key === " " && isOnRow) selection.select(entries, at, shiftKey ? "range" : "toggle");
    else if (key === "Enter" && isOnRow && entry?.is === "file" && verbs.includes("get")) props.open(entry.file);
    else if (key === "Delete" && verbs.includes("delete")) {
      const files = selection.files(entries);
      if (files.length > 0) props.remove(files);
      else if (entry?.is === "file") props.remove([entry.file]);
    } else return;
    event.preventDefault();
  };

  const shown: number[] = [];
  for (let index = rows.from; index < rows.to; index += 1) shown.push(index);
  // The active row keeps the focus when it is scrolled out of the window.
  if (at >= 0 && (at < rows.from || at >= rows.to)) shown.push(at);

  const said = texts().list;
  const files = entries.length - entries.findLastIndex(({ is }) => is === "upload") - 1;
  return (
    <div className="table" role="grid" aria-label={said.label} aria-rowcount={entries.length + 1} aria-multiselectable="true" onKeyDown={press}>
      <div role="row" className="head" aria-rowindex={1}>
        <div role="columnheader" className="check">
          {files > 0 && (
            <input
              type="checkbox"
              aria-label={said.selectAll}
              checked={selection.keys.size > 0 && selection.keys.size === files}
              ref={(it) => void (it && (it.indeterminate = selection.keys.size > 0 && selection.keys.size < files))}
              onChange={() => (selection.keys.size === files ? selection.clear() : selection.all(entries))}
            />
          )}
        </div>
        {COLUMNS.map((column) => {
          const isSorted = order.column === column;
          return (
            <div key={column} role="columnheader" className={column} aria-sort={isSorted ? (order.isDescending ? "descending" : "ascending") : "none"}>
              <button className="plain" onClick={() => sortBy(column)}>
                {said.columns[column]}
                {isSorted && <Icon name={order.isDescending ? "descending" : "ascending"} />}
              </button>
            </div>
          );
        })}
        <div role="columnheader" className="actions"><span className="visually-hidden">{said.bulkDownload}</span></div>
      </div>
      <div ref={body} role="rowgroup" className="body" style={{ "--count": entries.length } as CSSProperties}>
        {shown.map((index) => {
          const entry = entries[index];
          return entry && (
            <Row
              key={entry.id}
              entry={entry}
              index={index}
              isSelected={selection.keys.has(entry.id)}
              isActive={index === at}
              mayGet={verbs.includes("get")}
              mayRemove={verbs.includes("delete")}
              thumbnails={thumbnails}
              uploads={uploads}
              actions={actions}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The height of a row in pixels, which the style sheet and the person's text size decide. */
function useRowHeight(body: { current: HTMLElement | null }): number {
  const [height, setHeight] = useState(60);
  useLayoutEffect(() => {
    const measure = () => {
      if (!body.current) return;
      const rowHeight = getComputedStyle(body.current).getPropertyValue("--row-height");
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setHeight(Number.parseFloat(rowHeight) * rem);
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, [body]);
  return height;
}
