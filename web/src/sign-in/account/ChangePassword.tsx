/** The signed-in user replaces the password. */

import { useState } from "react";
import type { Config } from "../../config";
import { texts } from "../../languages";
import { Form, lackOf, NewPasswordField, PasswordField } from "../form";
import { useRequests } from "../request";
import type { User } from "../session";
import { changePassword } from "./calls";

export interface InnerProps {
  config: Config;
  user: User;
  /** To the overview, which shows what was done. */
  back: (done?: string) => void;
  ended: (why: string) => void;
}

export function ChangePassword({ config, user, back, ended }: InnerProps) {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const requests = useRequests(config.accounts.name, ended);
  const words = texts().signIn;
  const signsInWith = config.accounts.name === "user name" ? user.username : user.name;
  const submit = () => {
    const lack = lackOf(config, password);
    if (lack) return requests.refuse(lack);
    requests.run("account", async () => {
      await changePassword(current, password);
      back(words.account.passwordChanged);
    });
  };
  return (
    <Form
      title={words.account.changePassword} button={words.account.savePassword} busy={words.saving} requests={requests} submit={submit} isInner
      after={<div className="ways"><button type="button" className="link" onClick={() => back()}>{words.account.back}</button></div>}
    >
      <PasswordField label={words.account.currentPassword} autoComplete="current-password" value={current} change={setCurrent} />
      <NewPasswordField rules={config.passwordRules} name={signsInWith} value={password} change={setPassword} />
    </Form>
  );
}
