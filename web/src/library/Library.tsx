/** The folders, uploads and files of the signed-in person. */

import { useCallback, useEffect, useState } from "react";
import { OWN, useOnline, usePlaces } from "@stackctl/react";
import type { Endpoint, Files, Upload, Uploads } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import { Toasts, useToasts } from "../ui/Toasts";
import { refusal } from "../words";
import "../style/library.css";
import "../style/folder.css";
import "../style/table.css";
import { Announcer } from "./Announcer";
import { Dock } from "./Dock";
import { focusList } from "../folder/focus";
import { Folder } from "../folder/Folder";
import { named } from "../folder/names";
import { Places } from "./Places";
import { Problems } from "./Problems";
import { PICTURES, type Thumbnails } from "../folder/thumbnails";
import { Unfinished } from "./Unfinished";
import { useActions } from "../folder/useActions";

/** The stores of the page. */
export interface Stores {
  endpoint: Endpoint;
  uploads: Uploads;
  files: Files;
  thumbnails: Thumbnails;
}

interface Props extends Stores {
  sub: string;
  all: readonly Upload[];
  /** The session turned out to be over. */
  ended: () => void;
}

/** Remembers the folder for a reload of the tab. */
const CHOSEN = "stackctl-folder";

export default function Library({ endpoint, uploads, files, thumbnails, sub, all, ended }: Props) {
  const [state, again] = usePlaces(endpoint, sub);
  const [chosen, setChosen] = useState(() => sessionStorage.getItem(CHOSEN));
  const [toasts, tell, close] = useToasts();
  const isOnline = useOnline();
  const actions = useActions(endpoint, files, tell, ended);

  const isSignedOut = state.is === "failed" && state.why.kind === "signed out";
  useEffect(() => {
    if (isSignedOut) ended();
  }, [isSignedOut, ended]);

  // Another person's files do not stay.
  useEffect(() => () => files.close(), [files]);

  useEffect(() => {
    if (state.is === "there") thumbnails.know(state.places.folders);
  }, [state, thumbnails]);

  // What failed for want of a network is sent again with it.
  useEffect(() => {
    if (!isOnline) return;
    uploads.retry(...uploads.all().filter(({ state: it }) => it.is === "failed" && it.why.kind === "unreachable").map(({ id }) => id));
  }, [isOnline, uploads]);

  const choose = useCallback((path: string) => {
    sessionStorage.setItem(CHOSEN, path);
    setChosen(path);
  }, []);

  // Without an answer the person's own folder can be tried all the same.
  const known = state.is === "there" ? state.places : { folders: [OWN], limits: undefined };
  const places = state.is === "looking" ? [] : named(known.folders.filter(({ path }) => !path.startsWith(PICTURES)), sub);
  const place = places.find(({ folder }) => folder.path === chosen) ?? places[0];
  const failed = all.filter((it) => it.state.is === "failed");
  return (
    <>
      <Announcer all={all} />
      {!isOnline && <p className="banner" role="status"><Icon name="offline" />{texts().app.offline}</p>}
      <div className={places.length > 1 ? "library with-places" : "library"}>
        {places.length > 1 && place && <Places places={places} chosen={place.folder.path} choose={choose} />}
        <main className="content">
          <Problems failed={failed} uploads={uploads} />
          <Unfinished uploads={uploads} />
          {state.is === "looking" && <p className="quiet" aria-busy="true">{texts().app.looking}</p>}
          {state.is === "failed" && (
            <div className="problem" role="alert">
              <Icon name="failed" />
              <p>{texts().places.failed(refusal(state.why))}</p>
              <button onClick={again}>{texts().app.tryAgain}</button>
            </div>
          )}
          {place && (
            <Folder
              key={place.folder.path}
              place={place}
              limits={known.limits}
              all={all}
              uploads={uploads}
              files={files}
              thumbnails={thumbnails}
              actions={actions}
              tell={tell}
              ended={ended}
            />
          )}
          <Dock all={all} uploads={uploads} tell={tell} />
        </main>
      </div>
      <Toasts toasts={toasts} close={close} undone={focusList} />
    </>
  );
}
