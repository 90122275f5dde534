/** The steps of the sign-in, each with one form. */

import type { Config } from "../../config";
import type { Factor, Next } from "../attempt";

export type Step =
  | { is: "sign in"; name?: string; problem?: string; note?: string }
  | { is: "sign up" }
  /** `to`: the address that the code was sent to, where the page knows it. After a reload there is no password. */
  | { is: "confirm"; name: string; password?: string; to?: string }
  | { is: "forgot"; name: string }
  | { is: "reset"; name: string; byAdministrator?: true }
  | { is: "new password"; name: string }
  | { is: "authenticator code"; name: string }
  | { is: "authenticator set-up"; name: string; secret: string }
  /** `to`: the address or the number that the code was sent to, as Cognito shows it: most of it is left out. */
  | { is: "sent code"; name: string; by: "email" | "text"; to: string }
  | { is: "choice"; name: string; kinds: readonly Factor[]; isSetUp: boolean }
  | { is: "email set-up"; name: string };

/** The way from a step to the others. */
export interface Flow {
  config: Config;
  go: (step: Step) => Promise<void>;
  /** Goes to the step for what Cognito asks for; to the files when it asks for nothing more. */
  follow: (next: Next, name: string, password: string) => Promise<void>;
}
