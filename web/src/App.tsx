/** The page: the sign-in form, or the uploads and files of the signed-in user. */

import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { useUploads } from "@stackctl/react";
import type { Config } from "./config";
import { Icon } from "./Icon";
import { texts } from "./languages";
import type { Stores } from "./library/Library";
import { AccountButton } from "./sign-in/AccountButton";
import { currentUser, signOut, type User } from "./sign-in/session";

// The sign-in does not need the code of the files.
const Library = lazy(() => import("./library/Library"));

type View =
  | { is: "looking" }
  | { is: "unknown" }
  | { is: "out"; why?: string }
  | { is: "in"; user: User };

export function App({ config, ...stores }: { config: Config } & Stores) {
  const { uploads, files } = stores;
  const [view, setView] = useState<View>({ is: "looking" });

  const look = useCallback(async () => {
    try {
      const user = await currentUser();
      // Another user's files do not stay on the page.
      if (user) void uploads.signedIn(user.sub);
      setView((was) => (user ? { is: "in", user } : was.is === "in" ? { is: "out", why: texts().app.sessionEnded } : { is: "out" }));
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

  const ended = useCallback(() => setView((was) => (was.is === "in" ? { is: "out", why: texts().app.sessionEnded } : was)), []);
  const all = useUploads(uploads);
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
    files.close();
    setView({ is: "out", why });
  };
  const endSession = async () => {
    uploads.clear();
    // A network that does not answer keeps no one signed in; the requests go on by themselves.
    await Promise.race([files.sendWaiting(), new Promise((resolve) => setTimeout(resolve, 3_000))]);
    await signOut();
    leave(texts().app.signedOut);
  };

  const front = <Front config={config} />;
  const loading = <main className="narrow" aria-busy="true"><p className="quiet">{texts().app.looking}</p></main>;
  switch (view.is) {
    case "looking":
      return loading;
    case "unknown":
      return (
        <>
          {front}
          <main className="narrow card">
            <h1>{texts().app.noConnection}</h1>
            <p role="alert">{texts().app.lostConnection}</p>
            <button className="primary" onClick={() => void look()}>{texts().app.tryAgain}</button>
          </main>
        </>
      );
    case "out":
      return <>{front}{SignIn === undefined ? loading : <SignIn config={config} why={view.why} signedIn={look} />}</>;
    case "in":
      return (
        <>
          <header className="bar">
            <div className="wide">
              <Brand {...config.brand} />
              <span className="who" title={view.user.name}>
                <span className="visually-hidden">{texts().app.signedInAs} </span>
                {view.user.name}
              </span>
              <AccountButton config={config} user={view.user} ended={leave} />
              <button onClick={() => void endSession()}>{texts().app.signOut}</button>
            </div>
          </header>
          <Suspense fallback={loading}>
            <Library key={view.user.sub} {...stores} sub={view.user.sub} all={all} ended={ended} />
          </Suspense>
        </>
      );
  }
}

/** What stands above the page without a session. On the local cloud it says where the codes are. */
function Front({ config }: { config: Config }) {
  return (
    <header className="front">
      {config.cognitoEndpoint && <p className="banner local">{texts().app.localCloud} <code>stackctl local messages --follow</code></p>}
      <Brand {...config.brand} />
    </header>
  );
}

function Brand({ name = texts().app.name, logo }: Config["brand"]) {
  return (
    <span className="brand">
      {logo ? <img src={logo} alt="" /> : <Icon name="folder" />}
      <bdi>{name}</bdi>
    </span>
  );
}
