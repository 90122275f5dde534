/** The sign-in form, and the form for the forced first change of password. */

import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { judge, type PasswordRules } from "../config";
import { Icon } from "../Icon";
import { list } from "../messages";
import { signInProblem } from "./messages";
import { choosePassword, signIn, type SignInStep } from "./session";
import "./sign-in.css";

interface Props {
  rules: PasswordRules;
  /** Why the person has to sign in, when they did not just arrive. */
  why: string | undefined;
  signedIn: () => Promise<void>;
}

export function SignIn({ rules, why, signedIn }: Props) {
  const [isChoosing, setChoosing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const take = async (step: () => Promise<SignInStep>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      const next = await step();
      if (next.kind === "signed in") await signedIn();
      else if (next.kind === "new password") setChoosing(true);
      else setProblem(next.why);
    } catch (error) {
      const text = signInProblem(error);
      setProblem(text);
      // The attempt is lost: nothing that is entered here could help.
      if (/from the start/.test(text)) setChoosing(false);
    } finally {
      setBusy(false);
    }
  };

  const form = { isBusy, problem, take };
  return (
    <main className="narrow card">
      {isChoosing ? <NewPassword {...form} rules={rules} setProblem={setProblem} /> : <NameAndPassword {...form} why={why} />}
    </main>
  );
}

interface FormProps {
  isBusy: boolean;
  problem: string | undefined;
  take: (step: () => Promise<SignInStep>) => Promise<void>;
}

function NameAndPassword({ isBusy, problem, take, why }: FormProps & { why: string | undefined }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) void take(() => signIn(name.trim(), password));
  };
  return (
    <form onSubmit={submit}>
      <Heading title="Sign in" takesFocus={why !== undefined} />
      {why && problem === undefined && <p className="note" role="status">{why}</p>}
      <Problem text={problem} />
      <div className="field">
        <label htmlFor={`${id}-name`}>User name</label>
        <input
          id={`${id}-name`} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required
          value={name} onChange={(event) => setName(event.target.value)}
        />
      </div>
      <PasswordField label="Password" autoComplete="current-password" value={password} change={setPassword} />
      <button className="primary" type="submit" aria-disabled={isBusy}>{isBusy ? "Signing in…" : "Sign in"}</button>
    </form>
  );
}

interface NewPasswordProps extends FormProps {
  rules: PasswordRules;
  setProblem: (text: string) => void;
}

function NewPassword({ isBusy, problem, take, rules, setProblem }: NewPasswordProps) {
  const [password, setPassword] = useState("");
  const id = useId();
  const verdicts = judge(rules, password);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const open = verdicts.filter(({ kept }) => !kept).map(({ rule }) => rule);
    if (open.length > 0) setProblem(`The new password still needs ${list(open)}.`);
    else void take(() => choosePassword(password));
  };
  return (
    <form onSubmit={submit}>
      <Heading title="Choose your own password" takesFocus />
      <p>You signed in with a temporary password. Replace it with one that only you know.</p>
      <Problem text={problem} />
      <PasswordField
        label="New password" autoComplete="new-password" value={password} change={setPassword} describedBy={`${id}-rules`}
      />
      <div id={`${id}-rules`} className="rules">
        <p>It needs</p>
        <ul>
          {verdicts.map(({ rule, kept }) => (
            <li key={rule} className={kept ? "kept" : "open"}>
              <Icon name={kept ? "done" : "open"} />
              {rule}
              {kept && <span className="visually-hidden">: it has</span>}
            </li>
          ))}
        </ul>
      </div>
      <button className="primary" type="submit" aria-disabled={isBusy}>{isBusy ? "Saving…" : "Save and sign in"}</button>
    </form>
  );
}

/** Moves the focus to the heading of a new view, so that a screen reader reads it. */
function Heading({ title, takesFocus }: { title: string; takesFocus: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  return <h1 ref={heading} tabIndex={-1}>{title}</h1>;
}

function Problem({ text }: { text: string | undefined }) {
  return <div role="alert">{text && <p className="problem"><Icon name="failed" />{text}</p>}</div>;
}

interface PasswordProps {
  label: string;
  autoComplete: "current-password" | "new-password";
  value: string;
  change: (value: string) => void;
  describedBy?: string;
}

function PasswordField({ label, autoComplete, value, change, describedBy }: PasswordProps) {
  const [isShown, setShown] = useState(false);
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="with-button">
        <input
          id={id} type={isShown ? "text" : "password"} name={autoComplete} autoComplete={autoComplete} required
          autoCapitalize="none" autoCorrect="off" spellCheck={false} aria-describedby={describedBy}
          value={value} onChange={(event) => change(event.target.value)}
        />
        <button type="button" className="plain" aria-label="Show the password" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
          <Icon name="eye" />
        </button>
      </div>
    </div>
  );
}
