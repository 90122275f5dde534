/** The signed-in user sets up an authenticator app. */

import { useEffect, useState } from "react";
import { texts } from "../../languages";
import { AuthenticatorKey } from "../AuthenticatorKey";
import { CodeField, Form } from "../form";
import { useRequests } from "../request";
import { beginAuthenticator, confirmAuthenticator } from "./calls";
import type { InnerProps } from "./ChangePassword";

export function Authenticator({ config, user, back, ended }: InnerProps) {
  const [secret, setSecret] = useState<string>();
  const [code, setCode] = useState("");
  const requests = useRequests(config.accounts.name, ended);
  const { account, authenticator, checking } = texts().signIn;
  const { run } = requests;
  useEffect(() => {
    run("account", async () => setSecret(await beginAuthenticator()));
  }, []);
  const submit = () =>
    run("account", async () => {
      await confirmAuthenticator(code);
      back(account.authenticatorOn);
    });
  return (
    <Form
      title={authenticator.setUpTitle} button={authenticator.confirm} busy={checking} requests={requests} submit={submit} isInner focus="title"
      after={<div className="ways"><button type="button" className="link" onClick={() => back()}>{account.back}</button></div>}
    >
      <AuthenticatorKey secret={secret ?? ""} name={user.name}><CodeField value={code} change={setCode} /></AuthenticatorKey>
    </Form>
  );
}
