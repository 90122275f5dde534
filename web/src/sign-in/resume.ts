/**
 * The step that a reload comes back to. Only its name and the user name are kept, in this tab: no password, no code, and no
 * session of Cognito. A step that needs one of these begins again.
 */

import { texts } from "../languages";
import type { Step } from "./steps/step";

const KEY = "stackctl-sign-in";

export function remember(step: Step): void {
  if (step.is === "sign in") return forget();
  const kept = { is: step.is, name: "name" in step ? step.name : "", byAdministrator: "byAdministrator" in step };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A reload begins with the first step then.
  }
}

export function forget(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

/** The step to begin with. */
export function remembered(): Step {
  const { is, name, byAdministrator } = kept();
  switch (is as Step["is"] | undefined) {
    case undefined:
    case "sign in":
      return { is: "sign in" };
    case "sign up":
      return { is: "sign up" };
    case "forgot":
      return { is: "forgot", name };
    case "confirm":
      return { is: "confirm", name };
    case "reset":
      return byAdministrator ? { is: "reset", name, byAdministrator } : { is: "reset", name };
    case "new password":
    case "authenticator code":
    case "authenticator set-up":
    case "sent code":
    case "choice":
    case "email set-up":
      return { is: "sign in", name, note: texts().signIn.reloaded };
  }
  // Another version of the page kept it.
  return { is: "sign in" };
}

function kept(): { is?: unknown; name: string; byAdministrator: boolean } {
  try {
    const { is, name, byAdministrator } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, unknown>;
    return { is, name: typeof name === "string" ? name : "", byAdministrator: byAdministrator === true };
  } catch {
    return { name: "", byAdministrator: false };
  }
}
