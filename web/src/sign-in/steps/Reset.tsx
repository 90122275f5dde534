/** A forgotten password is replaced, with the code that was sent by email. */

import { useState } from "react";
import { texts } from "../../languages";
import { CodeField, Form, lackOf, NewPasswordField } from "../form";
import { useRequests } from "../request";
import { signIn } from "../attempt";
import { Back, NewCode } from "./Back";
import { replacePassword, sendReset } from "./calls";
import type { Flow, Step } from "./step";

export function Reset({ step: { name, byAdministrator }, flow }: { step: Step & { is: "reset" }; flow: Flow }) {
  const { accounts, passwordRules } = flow.config;
  const [code, setCode] = useState("");
  const [password, setPassword] = useState("");
  const requests = useRequests(accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { reset, confirm, saving } = texts().signIn;

  const submit = () => {
    const lack = lackOf(flow.config, password);
    if (lack) return requests.refuse(lack);
    requests.run("mail code", async () => {
      await replacePassword(name, code, password);
      const next = await signIn(name, password).catch(() => undefined);
      if (next) await flow.follow(next, name, password);
      else await flow.go({ is: "sign in", name, note: reset.done });
    });
  };

  const after = (
    <div className="ways">
      <NewCode requests={requests} send={() => sendReset(name)} />
      <details>
        <summary>{confirm.help}</summary>
        <ul>
          <li>{confirm.spam}</li>
          <li>{reset.administrator}</li>
        </ul>
      </details>
      <Back flow={flow} name={name} />
    </div>
  );
  const intro = <p>{byAdministrator ? reset.byAdministrator : reset.intro}</p>;
  return (
    <Form title={reset.title} intro={intro} button={reset.button} busy={saving} requests={requests} submit={submit} after={after}>
      <CodeField value={code} change={setCode} />
      <NewPasswordField rules={passwordRules} name={name} value={password} change={setPassword} />
    </Form>
  );
}
