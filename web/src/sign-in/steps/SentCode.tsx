/** The sign-in asks for a code that Cognito just sent, by email or by text message. */

import { useState } from "react";
import { texts } from "../../languages";
import { CodeField, Form } from "../form";
import { useRequests } from "../request";
import { answer } from "../attempt";
import { Back } from "./Back";
import type { Flow, Step } from "./step";

export function SentCode({ step: { name, by, to }, flow }: { step: Step & { is: "sent code" }; flow: Flow }) {
  const [code, setCode] = useState("");
  const requests = useRequests(flow.config.accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { sentCode, confirm, checking } = texts().signIn;
  const submit = () => requests.run("sent code", async () => flow.follow(await answer(code), name, ""));
  const after = (
    <div className="ways">
      <details>
        <summary>{confirm.help}</summary>
        <ul>
          {by === "email" && <li>{confirm.spam}</li>}
          <li>{sentCode.again}</li>
        </ul>
      </details>
      <Back flow={flow} name={name} />
    </div>
  );
  return (
    <Form
      title={sentCode.title} intro={<p>{by === "email" ? sentCode.byEmail(to) : sentCode.byText(to)}</p>} button={sentCode.button} busy={checking}
      requests={requests} submit={submit} after={after}
    >
      <CodeField value={code} change={setCode} />
    </Form>
  );
}
