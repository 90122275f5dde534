/** A person who forgot the password has a code sent. */

import { useState } from "react";
import { texts } from "../../languages";
import { Form, NameField } from "../form";
import { useRequests } from "../request";
import { Back } from "./Back";
import { sendReset } from "./calls";
import type { Flow, Step } from "./step";

export function Forgot({ step, flow }: { step: Step & { is: "forgot" }; flow: Flow }) {
  const { accounts } = flow.config;
  const [name, setName] = useState(step.name);
  const requests = useRequests(accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { forgot, sending } = texts().signIn;
  if (!accounts.recovery) {
    return (
      <>
        <h1>{forgot.title}</h1>
        <p>{forgot.byAdministrator}</p>
        <Back flow={flow} name={name} />
      </>
    );
  }
  const submit = () =>
    requests.run("send code", async () => {
      const typed = name.trim();
      await sendReset(typed);
      await flow.go({ is: "reset", name: typed });
    });
  return (
    <Form
      title={forgot.title} intro={<p>{forgot.intro(accounts.name)}</p>} button={forgot.button} busy={sending}
      requests={requests} submit={submit} after={<div className="ways"><Back flow={flow} name={name.trim()} /></div>}
    >
      <NameField kind={accounts.name} value={name} change={setName} />
    </Form>
  );
}
