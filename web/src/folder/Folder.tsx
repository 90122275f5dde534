/** One folder: its invitation, its list, and the dialogs about its files. */

import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useDrop, useFiles, usePaste } from "@stackctl/react";
import type { Files, Limits, StoredFile, Upload, Uploads } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import type { Tell } from "../ui/Toasts";
import { refusal } from "../words";
import { fileEntries, found, NEWEST_FIRST, pressed, uploadEntries } from "./entries";
import { focusList } from "./focus";
import type { Named } from "./names";
import { Question } from "./Question";
import { useSelection } from "./selection";
import { Table } from "./Table";
import type { Thumbnails } from "./thumbnails";
import { Selected, Toolbar } from "./Toolbar";
import type { Actions } from "./useActions";
import { Veil, Zone } from "./Zone";

const Preview = lazy(() => import("../preview/Preview"));

/** So many files are deleted without a question, as it can be undone for some seconds. */
const MOST_WITHOUT_QUESTION = 5;

interface Props {
  place: Named;
  limits: Limits | undefined;
  all: readonly Upload[];
  uploads: Uploads;
  files: Files;
  thumbnails: Thumbnails;
  actions: Actions;
  tell: Tell;
  ended: () => void;
}

export function Folder({ place, limits, all, uploads, files: store, thumbnails, actions, tell, ended }: Props) {
  const { folder, label, mayPut } = place;
  const state = useFiles(store);
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState(NEWEST_FIRST);
  const [opened, setOpened] = useState<string>();
  const [doomed, setDoomed] = useState<readonly StoredFile[]>([]);
  const selection = useSelection();

  useEffect(() => void store.open(folder), [store, folder]);
  const isSignedOut = state.is === "failed" && state.why.kind === "signed out";
  useEffect(() => {
    if (isSignedOut) ended();
  }, [isSignedOut, ended]);

  const add = (files: File[]) => {
    // What is over is in the list of files by now.
    const isIdle = all.every(({ state: { is } }) => is === "done" || is === "failed" || is === "cancelled");
    if (isIdle && state.is === "there") uploads.dismiss(...all.filter(({ state: { is } }) => is !== "failed").map(({ id }) => id));
    uploads.add(files, folder.path);
  };
  const isDialogOpen = opened !== undefined || doomed.length > 0;
  const isOver = useDrop(add, mayPut && !isDialogOpen);
  usePaste(add, mayPut && !isDialogOpen);

  const files = state.is === "there" ? state.files : undefined;
  const sorted = useMemo(() => fileEntries(files ?? [], order), [files, order]);
  const moving = uploadEntries(all, folder.path, state);
  const entries = useMemo(() => found([...moving, ...sorted], search), [moving, sorted, search]);
  const verbs = state.is === "there" ? state.verbs : [];
  const isEmpty = moving.length === 0 && (state.is === "hidden" || files?.length === 0);

  const cancel = (upload: Upload) => {
    uploads.cancel(upload.id);
    tell({ text: texts().toasts.cancelled(upload.file.name), undo: () => uploads.retry(upload.id) });
  };
  const remove = (removed: readonly StoredFile[]) => {
    if (removed.length > MOST_WITHOUT_QUESTION) return setDoomed(removed);
    setOpened(undefined);
    actions.removeLater(removed);
    selection.clear();
    focusList();
  };
  const removeAll = async (progress: (done: number) => void) => {
    setOpened(undefined);
    await actions.remove(doomed, progress);
    selection.clear();
    takesFocus.current = true;
  };
  // Not before the dialog is closed: it holds the focus.
  const takesFocus = useRef(false);
  useEffect(() => {
    if (doomed.length > 0 || !takesFocus.current) return;
    takesFocus.current = false;
    document.getElementById("folder-title")?.focus();
  }, [doomed]);

  const said = texts().list;
  const selected = selection.files(entries);
  const preview = opened === undefined ? undefined : entries.flatMap((it) => (it.is === "file" ? [it.file] : []));
  return (
    <>
      <div className="folder-head">
        <h1 id="folder-title" tabIndex={-1}><bdi>{label}</bdi></h1>
        {/* One element, small or large: a dialog that is open belongs to its input. */}
        {mayPut && <Zone isLarge={isEmpty} limits={limits} add={add} />}
      </div>
      {state.is === "looking" && <Skeleton />}
      {state.is === "failed" && !isSignedOut && (
        <div className="notice" role="alert">
          <Icon name={state.why.kind === "unreachable" ? "offline" : "failed"} />
          <h2>{said.failed}</h2>
          <p>{refusal(state.why)}</p>
          <button onClick={() => void store.open(folder)}>{texts().app.tryAgain}</button>
        </div>
      )}
      {isEmpty && mayPut && (
        <p className="quiet empty">
          {state.is === "hidden" ? said.uploadOnly : `${said.empty} ${place.isOwn ? said.emptyOwn : said.emptyShared}`}
        </p>
      )}
      {isEmpty && !mayPut && (
        <div className="notice">
          <Icon name="folder" />
          <h2>{said.empty}</h2>
          <p>{said.emptyViewOnly}</p>
        </div>
      )}
      {!isEmpty && (state.is === "there" || entries.length > 0) && (
        <section className="list" aria-labelledby="folder-title">
          {selected.length > 0
            ? <Selected
                count={selected.length}
                save={verbs.includes("get") ? () => void actions.save(selected) : undefined}
                remove={verbs.includes("delete") ? () => remove(selected) : undefined}
                clear={selection.clear}
              />
            : <Toolbar count={files?.length ?? 0} found={entries.filter(({ is }) => is === "file").length} isReading={state.is === "there" && state.isReading} search={search} setSearch={setSearch} refresh={() => void store.open(folder)} />}
          {entries.length === 0 && <p className="quiet empty">{said.noMatch(search)}</p>}
          {entries.length > 0 && (
            <Table
              entries={entries}
              verbs={verbs}
              selection={selection}
              order={order}
              sortBy={(column) => setOrder((was) => pressed(was, column))}
              thumbnails={thumbnails}
              uploads={uploads}
              open={({ key }) => setOpened(key)}
              save={(it) => void actions.save(it)}
              copyLink={(it) => void actions.copyLink(it)}
              remove={remove}
              cancel={cancel}
            />
          )}
          {state.is === "there" && !state.isWhole && !state.isReading && <p className="quiet">{said.cut}</p>}
        </section>
      )}
      {isOver && mayPut && <Veil folder={label} />}
      {preview && opened !== undefined && (
        <Suspense>
          <Preview
            files={preview}
            opened={opened}
            open={setOpened}
            close={() => setOpened(undefined)}
            actions={actions}
            remove={verbs.includes("delete") ? (file) => remove([file]) : undefined}
          />
        </Suspense>
      )}
      {doomed.length > 0 && <Question files={doomed} remove={removeAll} close={() => setDoomed([])} />}
    </>
  );
}

function Skeleton() {
  return (
    <div className="skeleton" role="status" aria-busy="true">
      <span className="visually-hidden">{texts().list.reading}</span>
      {Array.from({ length: 6 }, (_, index) => <i key={index} />)}
    </div>
  );
}
