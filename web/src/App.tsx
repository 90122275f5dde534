/** The page: the sign-in form, or the uploads and files of the signed-in user. */

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { Config } from "./config";
import type { Endpoint } from "./endpoint";
import { Drop } from "./Drop";
import { Files } from "./Files";
import { AccountButton } from "./sign-in/AccountButton";
import { currentUser, signOut, type User } from "./sign-in/session";
import { UploadList } from "./UploadList";
import type { Uploads } from "./uploads";
import { Unfinished } from "./Unfinished";
import { OFFLINE } from "./messages";

type View =
  | { is: "looking" }
  | { is: "unknown" }
  | { is: "out"; why?: string }
  | { is: "in"; user: User };

const ENDED = "Your session has ended. Sign in again to go on.";

interface Props {
  config: Config;
  endpoint: Endpoint;
  uploads: Uploads;
}

export function App({ config, endpoint, uploads }: Props) {
  const [view, setView] = useState<View>({ is: "looking" });

  const look = useCallback(async () => {
    try {
      const user = await currentUser();
      // Another user's files do not stay on the page.
      if (user) void uploads.signedIn(user.sub);
      setView((was) => (user ? { is: "in", user } : was.is === "in" ? { is: "out", why: ENDED } : { is: "out" }));
    } catch {
      setView((was) => (was.is === "in" ? was : { is: "unknown" }));
    }
  }, [uploads]);

  useEffect(() => {
    void look();
    // Another tab of the same browser signs in and out as well.
    const changed = ({ key }: StorageEvent) => {
      if (key === null || key.endsWith(".idToken")) void look();
    };
    window.addEventListener("storage", changed);
    return () => window.removeEventListener("storage", changed);
  }, [look]);

  // A session does not need the code of the sign-in.
  const [SignIn, setSignIn] = useState<typeof import("./sign-in/SignIn").SignIn>();
  const isOut = view.is === "out";
  useEffect(() => {
    if (isOut) import("./sign-in/SignIn").then((it) => setSignIn(() => it.SignIn), () => setView({ is: "unknown" }));
  }, [isOut]);

  const ended = useCallback(() => setView((was) => (was.is === "in" ? { is: "out", why: ENDED } : was)), []);
  const all = useSyncExternalStore(uploads.subscribe, uploads.all);
  const needsSignIn = all.some(({ state }) => state.is === "failed" && state.why.kind === "signed out");
  useEffect(() => {
    if (needsSignIn) void look();
  }, [needsSignIn, look]);

  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (uploads.isBusy) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [uploads]);

  const leave = (why: string) => {
    uploads.clear();
    setView({ is: "out", why });
  };
  const endSession = async () => {
    uploads.clear();
    await signOut();
    leave("You are signed out.");
  };

  const loading = <main className="narrow" aria-busy="true"><p className="quiet">One moment…</p></main>;
  switch (view.is) {
    case "looking":
      return loading;
    case "unknown":
      return (
        <main className="narrow card">
          <h1>No connection</h1>
          <p role="alert">{OFFLINE}</p>
          <button className="primary" onClick={() => void look()}>Try again</button>
        </main>
      );
    case "out":
      return SignIn === undefined ? loading : <SignIn config={config} why={view.why} signedIn={look} />;
    case "in":
      return (
        <>
          <header className="bar">
            <div className="wide">
              <span className="brand">Uploads</span>
              <span className="who">
                <span className="visually-hidden">Signed in as </span>
                {view.user.name}
              </span>
              <AccountButton config={config} user={view.user} ended={leave} />
              <button onClick={() => void endSession()}>Sign out</button>
            </div>
          </header>
          <main className="wide">
            <Drop add={(files) => uploads.add(files)} />
            <Unfinished uploads={uploads} />
            <UploadList uploads={uploads} all={all} />
            <Files key={view.user.sub} endpoint={endpoint} arrived={all.filter((it) => it.state.is === "done").length} ended={ended} />
          </main>
        </>
      );
  }
}
