/** A new account is confirmed with the code that was sent by email. */

import { useState } from "react";
import { texts } from "../../languages";
import type { Accounts } from "../accounts";
import { signIn, type Next } from "../attempt";
import { CodeField, Form } from "../form";
import { useRequests } from "../request";
import { signOut } from "../session";
import { Back, NewCode } from "./Back";
import { confirmAccount, sendConfirmation } from "./calls";
import type { Flow, Step } from "./step";

export function Confirm({ step: { name, password, to }, flow }: { step: Step & { is: "confirm" }; flow: Flow }) {
  const { accounts } = flow.config;
  const [code, setCode] = useState("");
  const requests = useRequests(accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { confirm, checking } = texts().signIn;

  const submit = () =>
    requests.run("mail code", async () => {
      await confirmAccount(name, code);
      const next = password === undefined ? undefined : await firstSignIn(name, password, accounts).catch(() => undefined);
      if (next && password !== undefined) await flow.follow(next, name, password);
      // The account is confirmed. It has another password, or the page was loaded again since and knows none.
      else await flow.go({ is: "sign in", name, note: confirm.done });
    });

  const after = (
    <div className="ways">
      <NewCode requests={requests} send={() => sendConfirmation(name)} />
      <details>
        <summary>{confirm.help}</summary>
        <ul>
          <li>{confirm.spam}</li>
          <li>{confirm.hasAccount}</li>
          {accounts.name === "user name" && <li>{confirm.taken}</li>}
        </ul>
      </details>
      <Back flow={flow} name={name} />
    </div>
  );
  return (
    <Form title={confirm.title} intro={<p>{confirm.intro(to)}</p>} button={password === undefined ? confirm.alone : confirm.button} busy={checking} requests={requests} submit={submit} after={after}>
      <CodeField value={code} change={setCode} />
    </Form>
  );
}

/** Cognito lets the first sign-in of a new account pass without a required app; the second one asks to set it up. */
async function firstSignIn(name: string, password: string, { mfa }: Accounts): Promise<Next> {
  const next = await signIn(name, password);
  if (mfa !== "required" || next.is !== "signed in") return next;
  await signOut();
  return signIn(name, password);
}
