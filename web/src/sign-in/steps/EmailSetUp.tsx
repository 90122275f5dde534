/** The sign-in asks for the address that its codes are sent to from now on. */

import { useState } from "react";
import { texts } from "../../languages";
import { answer } from "../attempt";
import { Field, Form } from "../form";
import { useRequests } from "../request";
import { Back } from "./Back";
import type { Flow, Step } from "./step";

export function EmailSetUp({ step: { name }, flow }: { step: Step & { is: "email set-up" }; flow: Flow }) {
  const [mail, setMail] = useState("");
  const requests = useRequests(flow.config.accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { emailSetUp, email, sending } = texts().signIn;
  const submit = () => requests.run("send code", async () => flow.follow(await answer(mail.trim()), name, ""));
  return (
    <Form
      title={emailSetUp.title} intro={<p>{emailSetUp.intro}</p>} button={emailSetUp.button} busy={sending} requests={requests} submit={submit}
      after={<div className="ways"><Back flow={flow} name={name} /></div>}
    >
      <Field label={email} type="email" autoComplete="email" value={mail} change={setMail} />
    </Form>
  );
}
