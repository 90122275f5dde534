/** The temporary password is replaced at the first sign-in. */

import { useState } from "react";
import { texts } from "../../languages";
import { Form, lackOf, NewPasswordField } from "../form";
import { useRequests } from "../request";
import { answer } from "../attempt";
import type { Flow, Step } from "./step";

export function FirstPassword({ step: { name }, flow }: { step: Step & { is: "new password" }; flow: Flow }) {
  const { accounts, passwordRules } = flow.config;
  const [password, setPassword] = useState("");
  const requests = useRequests(accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { firstPassword, saving } = texts().signIn;
  const submit = () => {
    const lack = lackOf(flow.config, password);
    if (lack) requests.refuse(lack);
    else requests.run("first password", async () => flow.follow(await answer(password), name, password));
  };
  return (
    <Form title={firstPassword.title} intro={<p>{firstPassword.intro}</p>} button={firstPassword.button} busy={saving} requests={requests} submit={submit}>
      <NewPasswordField rules={passwordRules} name={name} value={password} change={setPassword} />
    </Form>
  );
}
