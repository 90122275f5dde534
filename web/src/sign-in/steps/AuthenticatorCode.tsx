/** The sign-in asks for the code of the authenticator app. */

import { useState } from "react";
import { texts } from "../../languages";
import { CodeField, Form } from "../form";
import { useRequests } from "../request";
import { answer } from "../attempt";
import { Back } from "./Back";
import type { Flow, Step } from "./step";

export function AuthenticatorCode({ step: { name }, flow }: { step: Step & { is: "authenticator code" }; flow: Flow }) {
  const [code, setCode] = useState("");
  const requests = useRequests(flow.config.accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { authenticator, checking } = texts().signIn;
  const submit = () => requests.run("authenticator code", async () => flow.follow(await answer(code), name, ""));
  const after = (
    <div className="ways">
      <details>
        <summary>{authenticator.lost}</summary>
        <p>{authenticator.lostHelp}</p>
      </details>
      <Back flow={flow} name={name} />
    </div>
  );
  return (
    <Form title={authenticator.title} intro={<p>{authenticator.intro}</p>} button={authenticator.button} busy={checking} requests={requests} submit={submit} after={after}>
      <CodeField value={code} change={setCode} />
    </Form>
  );
}
