/** The form of a step, and its fields. */

import { useEffect, useId, useRef, useState, type HTMLAttributes, type ReactNode } from "react";
import { Icon } from "../Icon";
import { locale, texts } from "../languages";
import type { Config } from "../config";
import type { NameKind } from "./accounts";
import { judge, type PasswordRules } from "./password";
import type { Requests } from "./request";

interface FormProps {
  title: string;
  /** Under the title. */
  intro?: ReactNode;
  button: string;
  /** The button's text while a request runs. */
  busy: string;
  requests: Requests;
  submit: () => void;
  children: ReactNode;
  /** Under the button: other ways. */
  after?: ReactNode;
  /** What gets the focus: the first field, with which a screen reader reads the title; or what comes before it. */
  focus?: "field" | "title" | "none";
  /** A level of the headings lower, inside a dialog. */
  isInner?: boolean;
}

export function Form({ title, intro, button, busy, requests, submit, children, after, focus = "field", isInner = false }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  useEffect(() => {
    const targets = { field: "input:not([tabindex])", title: `[id="${id}"]`, none: undefined };
    if (targets[focus]) form.current?.querySelector<HTMLElement>(targets[focus])?.focus();
  }, [focus, id]);
  const Heading = isInner ? "h3" : "h1";
  return (
    <form
      ref={form} className="step" aria-labelledby={id}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="head">
        <Heading id={id} tabIndex={-1}>{title}</Heading>
        {intro && <div className="quiet">{intro}</div>}
      </div>
      {children}
      <div>
        <button className="primary" type="submit" aria-disabled={requests.isBusy}>{requests.isBusy ? busy : button}</button>
        <Problem text={requests.problem} />
      </div>
      {after}
    </form>
  );
}

/** Below the button, so that nothing above it moves. It is there before it says something, as screen readers need it. */
function Problem({ text }: { text: string | undefined }) {
  return <div role="alert">{text && <p className="problem"><Icon name="failed" />{text}</p>}</div>;
}

interface FieldProps {
  label: string;
  value: string;
  change: (value: string) => void;
  autoComplete: string;
  type?: "text" | "email" | "tel" | "password";
  inputMode?: HTMLAttributes<HTMLInputElement>["inputMode"];
  describedBy?: string;
  /** At the end of the field: a button. */
  end?: ReactNode;
  /** After the field in the order of the keyboard, above it on the screen. */
  beside?: ReactNode;
}

export function Field({ label, value, change, autoComplete, type = "text", inputMode, describedBy, end, beside }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="control">
        <input
          id={id} type={type} name={autoComplete} autoComplete={autoComplete} required
          autoCapitalize="none" autoCorrect="off" spellCheck={false}
          {...(inputMode && { inputMode })} aria-describedby={describedBy}
          value={value} onChange={(event) => change(event.target.value)}
        />
        {end}
      </div>
      {beside}
    </div>
  );
}

/** What the person signs in with. */
export function NameField({ kind, value, change }: { kind: NameKind } & Pick<FieldProps, "value" | "change">) {
  const type = kind === "email" ? "email" : kind === "phone" ? "tel" : "text";
  return <Field label={texts().signIn.name[kind]} type={type} autoComplete="username" value={value} change={change} />;
}

export function PasswordField({ label, autoComplete, ...rest }: Omit<FieldProps, "type" | "end" | "inputMode"> & { autoComplete: "current-password" | "new-password" }) {
  const [isShown, setShown] = useState(false);
  const eye = (
    <button
      type="button" className="plain" aria-label={texts().signIn.showPassword} aria-pressed={isShown}
      onClick={() => setShown(!isShown)}
    >
      <Icon name="eye" />
    </button>
  );
  return <Field label={label} type={isShown ? "text" : "password"} autoComplete={autoComplete} end={eye} {...rest} />;
}

/** A code of digits: of an app, or one that was sent, which can have eight. */
export function CodeField({ value, change }: Pick<FieldProps, "value" | "change">) {
  const digits = (text: string) => text.replace(/\D/g, "").slice(0, 8);
  return <Field label={texts().signIn.code} autoComplete="one-time-code" inputMode="numeric" value={value} change={(text) => change(digits(text))} />;
}

/** A new password with the pool's rules. `name` is the account that a password manager saves it for. */
export function NewPasswordField({ label, rules, value, change, name }: { label?: string; rules: PasswordRules; name?: string } & Pick<FieldProps, "value" | "change">) {
  const id = useId();
  const { signIn } = texts();
  return (
    <>
      {name !== undefined && (
        <input className="visually-hidden" type="text" autoComplete="username" value={name} readOnly tabIndex={-1} aria-hidden="true" />
      )}
      <PasswordField label={label ?? signIn.newPassword} autoComplete="new-password" value={value} change={change} describedBy={id} />
      <div id={id} className="rules">
        <p>{signIn.passwordRules}</p>
        <ul>
          {judge(rules, value).map(({ rule, kept }) => (
            <li key={rule} className={kept ? "kept" : "open"}>
              <Icon name={kept ? "done" : "open"} />
              {ruleInWords(rule, rules)}
              {kept && <span className="visually-hidden">{signIn.keepsRule}</span>}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

/** What a new password still needs, as a sentence; undefined when it keeps every rule. */
export function lackOf({ passwordRules }: Config, password: string): string | undefined {
  const open = judge(passwordRules, password).filter(({ kept }) => !kept).map(({ rule }) => ruleInWords(rule, passwordRules));
  if (open.length === 0) return undefined;
  return texts().signIn.stillNeeds(new Intl.ListFormat(locale(), { type: "conjunction" }).format(open));
}

function ruleInWords(rule: keyof PasswordRules, rules: PasswordRules): string {
  const words = texts().signIn.rules;
  return rule === "length" ? words.length(rules.length) : words[rule];
}
