/** The account of the signed-in user: the password, the authenticator app, and the sessions. A dialog over the page. */

import { useEffect, useRef, useState } from "react";
import type { Config } from "../../config";
import { Icon } from "../../Icon";
import { texts } from "../../languages";
import { useRequests } from "../request";
import type { User } from "../session";
import { Authenticator } from "./Authenticator";
import { hasAuthenticator, removeAuthenticator, signOutEverywhere, tokenMinutes } from "./calls";
import { ChangePassword } from "./ChangePassword";

interface Props {
  config: Config;
  user: User;
  close: () => void;
  /** The session has ended; `why` is for the sign-in. */
  ended: (why: string) => void;
}

type View = "overview" | "password" | "authenticator";

export function Account({ config, user, close, ended }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [view, setView] = useState<View>("overview");
  /** What was just changed. */
  const [done, setDone] = useState<string>();
  useEffect(() => dialog.current?.showModal(), []);
  const words = texts().signIn.account;
  const show = (view: View, done?: string) => {
    setDone(done);
    setView(view);
  };
  const back = (done?: string) => show("overview", done);
  return (
    <dialog ref={dialog} className="account" aria-labelledby="account-title" onClose={close}>
      <div className="head">
        <h2 id="account-title">{words.title}</h2>
        <button type="button" className="plain" aria-label={words.close} onClick={() => dialog.current?.close()}><Icon name="close" /></button>
      </div>
      <p className="quiet"><bdi>{user.name}</bdi></p>
      <div role="status">{done && <p className="note">{done}</p>}</div>
      {view === "overview" && <Overview config={config} show={show} ended={ended} />}
      {view === "password" && <ChangePassword config={config} user={user} back={back} ended={ended} />}
      {view === "authenticator" && <Authenticator config={config} user={user} back={back} ended={ended} />}
    </dialog>
  );
}

interface OverviewProps {
  config: Config;
  show: (view: View, done?: string) => void;
  ended: (why: string) => void;
}

function Overview({ config, show, ended }: OverviewProps) {
  const { mfa, name } = config.accounts;
  const [isOn, setOn] = useState<boolean>();
  const [minutes, setMinutes] = useState(0);
  const requests = useRequests(name, ended);
  const first = useRef<HTMLButtonElement>(null);
  const words = texts().signIn.account;
  const { run } = requests;

  useEffect(() => {
    first.current?.focus();
    run("account", async () => {
      setMinutes(await tokenMinutes());
      if (mfa !== "off") setOn(await hasAuthenticator());
    });
    // Once: each view of the overview is a new one.
  }, []);

  return (
    <>
      <ul className="settings">
        <li>
          <h3>{words.password}</h3>
          <button ref={first} type="button" onClick={() => show("password")}>{words.changePassword}</button>
        </li>
        {mfa !== "off" && (
          <li>
            <h3>{words.authenticator}</h3>
            <p className="quiet">{isOn === undefined ? "…" : isOn ? words.isOn : words.isOff}</p>
            {isOn && <p className="quiet">{words.replaceHelp}</p>}
            <div className="choices">
              <button type="button" aria-disabled={isOn === undefined} onClick={() => isOn !== undefined && show("authenticator")}>{isOn ? words.replace : words.setUp}</button>
              {isOn && mfa === "optional" && (
                <button
                  type="button"
                  onClick={() =>
                    run("account", async () => {
                      await removeAuthenticator();
                      setOn(false);
                      show("overview", words.authenticatorOff);
                    })
                  }
                >
                  {words.turnOff}
                </button>
              )}
            </div>
          </li>
        )}
        <li>
          <h3>{words.sessions}</h3>
          <p className="quiet">{words.everywhereHelp(minutes)}</p>
          <button
            type="button" className="danger" aria-disabled={requests.isBusy}
            onClick={() =>
              run("account", async () => {
                await signOutEverywhere(config);
                ended(words.everywhereDone);
              })
            }
          >
            {words.everywhere}
          </button>
        </li>
      </ul>
      <div role="alert">{requests.problem && <p className="problem"><Icon name="failed" />{requests.problem}</p>}</div>
    </>
  );
}
