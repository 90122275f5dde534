/** Opens the account of the signed-in user. Its code is loaded when it is opened for the first time. */

import { useRef, useState } from "react";
import type { Config } from "../config";
import { texts } from "../languages";
import { useRequests } from "./request";
import type { User } from "./session";
import "./sign-in.css";

interface Props {
  config: Config;
  user: User;
  /** The session has ended; `why` is for the sign-in. */
  ended: (why: string) => void;
}

export function AccountButton({ config, user, ended }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [Account, setAccount] = useState<typeof import("./account/Account").Account>();
  const [isOpen, setOpen] = useState(false);
  const { problem, run } = useRequests(config.accounts.name, ended);
  const open = () =>
    run("account", async () => {
      const { Account } = await import("./account/Account");
      setAccount(() => Account);
      setOpen(true);
    });
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div className="account-button">
      <button ref={button} type="button" aria-haspopup="dialog" onClick={open}>{texts().signIn.account.open}</button>
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      {isOpen && Account && <Account config={config} user={user} close={close} ended={ended} />}
    </div>
  );
}
