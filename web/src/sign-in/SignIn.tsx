/** The sign-in: its steps, of which the first is here; the others are loaded when they are needed. */

import { useEffect, useState } from "react";
import type { Config } from "../config";
import { texts } from "../languages";
import { Form, NameField, PasswordField } from "./form";
import { useRequests } from "./request";
import { signIn, type Next } from "./attempt";
import { forget, remember, remembered } from "./resume";
import type { Flow, Step } from "./steps/step";
import "./sign-in.css";

interface Props {
  config: Config;
  /** Why the person has to sign in, when they did not just arrive. */
  why: string | undefined;
  signedIn: () => Promise<void>;
}

interface View {
  /** Counts the steps: each begins with empty fields. */
  count: number;
  step: Step;
  /** The component of all steps but the first. */
  OtherStep?: typeof import("./steps").OtherStep;
}

export function SignIn({ config, why, signedIn }: Props) {
  const [{ count, step, OtherStep }, setView] = useState<View>(() => ({ count: 0, step: why ? { is: "sign in", note: why } : remembered() }));

  const go = async (step: Step) => {
    remember(step);
    const others = step.is === "sign in" ? undefined : await import("./steps");
    setView(({ count }) => ({ count: count + 1, step, ...(others && { OtherStep: others.OtherStep }) }));
  };

  // A reload in the middle of a later step.
  useEffect(() => {
    if (step.is !== "sign in") go(step).catch(() => go({ is: "sign in" }));
    else forget();
    // Once, for the step that this view begins with.
  }, []);

  const follow = async (next: Next, name: string, password: string) => {
    switch (next.is) {
      case "signed in":
        forget();
        return signedIn();
      case "confirm":
        return go({ is: "confirm", name, password });
      case "reset":
        return go({ is: "reset", name, byAdministrator: true });
      case "authenticator set-up":
        return go({ is: "authenticator set-up", name, secret: next.secret });
      case "new password":
      case "authenticator code":
      case "email set-up":
        return go({ is: next.is, name });
      case "sent code":
      case "choice":
        return go({ ...next, name });
      case "unknown":
        return go({ is: "sign in", name, problem: texts().signIn.problems.unknownStep(next.step) });
    }
  };

  const flow: Flow = { config, go, follow };
  return (
    <main className="narrow card">
      {step.is === "sign in" && <NameAndPassword key={count} step={step} flow={flow} isFirst={count === 0 && !why} />}
      {step.is !== "sign in" && !OtherStep && <p className="quiet" aria-busy="true">{texts().app.looking}</p>}
      {step.is !== "sign in" && OtherStep && <OtherStep key={count} step={step} flow={flow} />}
    </main>
  );
}

function NameAndPassword({ step, flow, isFirst }: { step: Step & { is: "sign in" }; flow: Flow; isFirst: boolean }) {
  const { accounts } = flow.config;
  const [name, setName] = useState(step.name ?? "");
  const [password, setPassword] = useState("");
  const requests = useRequests(accounts.name, undefined, step.problem);
  const { signIn: words } = texts().signIn;
  const go = (step: Step) => requests.run("sign in", () => flow.go(step));

  const submit = () =>
    requests.run("sign in", async () => {
      const typed = name.trim();
      await flow.follow(await signIn(typed, password), typed, password);
    });

  const signUp = accounts.signUp && (
    <p>
      {words.isNew} <button type="button" className="link" onClick={() => go({ is: "sign up" })}>{words.signUp}</button>
    </p>
  );
  return (
    <Form
      title={words.title} intro={signUp} button={words.button} busy={words.busy} requests={requests} submit={submit}
      focus={isFirst ? "none" : "field"}
    >
      {step.note && <p className="note" role="status">{step.note}</p>}
      <NameField kind={accounts.name} value={name} change={setName} />
      <PasswordField
        label={texts().signIn.password} autoComplete="current-password" value={password} change={setPassword}
        beside={<button type="button" className="link" onClick={() => go({ is: "forgot", name: name.trim() })}>{words.forgot}</button>}
      />
    </Form>
  );
}
