/** The sign-in asks to set up an authenticator app. */

import { useState } from "react";
import { texts } from "../../languages";
import { AuthenticatorKey } from "../AuthenticatorKey";
import { CodeField, Form } from "../form";
import { useRequests } from "../request";
import { answer } from "../attempt";
import { Back } from "./Back";
import type { Flow, Step } from "./step";

export function SetUp({ step: { name, secret }, flow }: { step: Step & { is: "authenticator set-up" }; flow: Flow }) {
  const [code, setCode] = useState("");
  const requests = useRequests(flow.config.accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { authenticator, checking } = texts().signIn;
  const submit = () => requests.run("authenticator code", async () => flow.follow(await answer(code), name, ""));
  return (
    <Form
      title={authenticator.setUpTitle} intro={<p>{authenticator.why}</p>} button={authenticator.confirm} busy={checking}
      focus="title" requests={requests} submit={submit} after={<div className="ways"><Back flow={flow} name={name} /></div>}
    >
      <AuthenticatorKey secret={secret} name={name}><CodeField value={code} change={setCode} /></AuthenticatorKey>
    </Form>
  );
}
