/** A person makes an account. */

import { useState } from "react";
import { texts } from "../../languages";
import { Field, Form, lackOf, NameField, NewPasswordField } from "../form";
import { useRequests } from "../request";
import { signIn } from "../attempt";
import { createAccount } from "./calls";
import type { Flow } from "./step";

export function SignUp({ flow }: { flow: Flow }) {
  const { accounts, passwordRules } = flow.config;
  const [name, setName] = useState("");
  const [mail, setMail] = useState("");
  const [password, setPassword] = useState("");
  const requests = useRequests(accounts.name, (problem) => void flow.go({ is: "sign in", problem }));
  const words = texts().signIn;
  const isMail = accounts.name === "email" || accounts.name === "email or phone";

  const submit = () => {
    const lack = lackOf(flow.config, password);
    if (lack) return requests.refuse(lack);
    requests.run("sign up", async () => {
      const to = isMail ? name.trim() : mail.trim();
      const typed = name.trim();
      if (await createAccount(typed, password, to)) await flow.go({ is: "confirm", name: typed, password, to });
      else await flow.follow(await signIn(typed, password), typed, password);
    });
  };

  const back = (
    <p>
      {words.signUp.hasAccount}{" "}
      <button type="button" className="link" onClick={() => void flow.go({ is: "sign in" })}>{words.signUp.signIn}</button>
    </p>
  );
  return (
    <Form title={words.signUp.title} intro={back} button={words.signUp.button} busy={words.signUp.busy} requests={requests} submit={submit}>
      <NameField kind={isMail ? "email" : accounts.name} value={name} change={setName} />
      {!isMail && <Field label={words.email} type="email" autoComplete="email" value={mail} change={setMail} />}
      <NewPasswordField label={words.password} rules={passwordRules} value={password} change={setPassword} />
    </Form>
  );
}
