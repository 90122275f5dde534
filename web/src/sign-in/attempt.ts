/** An attempt to sign in. Amplify does it by SRP, so that the password never leaves the page. */

import { confirmSignIn, signIn as begin, type SignInOutput } from "aws-amplify/auth";
import { errorName, signOut } from "./session";

/** What Cognito asks for next. */
export type Next =
  | { is: "signed in" }
  | { is: "new password" }
  /** The account has to be confirmed with the code of an email. */
  | { is: "confirm" }
  /** An administrator reset the password, and Cognito sent a code. */
  | { is: "reset" }
  | { is: "authenticator code" }
  | { is: "authenticator set-up"; secret: string }
  /** A code that Cognito sent. */
  | { is: "sent code"; by: "email" | "text"; to: string }
  /** One of several second proofs: to give, or to set up. */
  | { is: "choice"; kinds: readonly Factor[]; isSetUp: boolean }
  /** The address for such codes. */
  | { is: "email set-up" }
  | { is: "unknown"; step: string };

/** A second proof, by Amplify's names: a code by email, by text message, or of an authenticator app. */
export type Factor = "EMAIL" | "SMS" | "TOTP";

export async function signIn(username: string, password: string): Promise<Next> {
  const attempt = () => inMemory(begin({ username, password, options: { authFlowType: "USER_SRP_AUTH" } }));
  try {
    return nextAfter(await attempt());
  } catch (error) {
    // Another tab left its tokens.
    if (errorName(error) !== "UserAlreadyAuthenticatedException") throw error;
    await signOut();
    return nextAfter(await attempt());
  }
}

/** Goes on with what Cognito asked for: the new password, a code, the chosen factor, or the address for codes. */
export async function answer(challengeResponse: string): Promise<Next> {
  return nextAfter(await inMemory(confirmSignIn({ challengeResponse })));
}

/** Amplify keeps Cognito's session in the tab's storage too. The page goes on with the one in its memory. */
async function inMemory(request: Promise<SignInOutput>): Promise<SignInOutput> {
  try {
    return await request;
  } finally {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("CognitoSignInState.")) sessionStorage.removeItem(key);
  }
}

function nextAfter({ nextStep }: SignInOutput): Next {
  switch (nextStep.signInStep) {
    case "DONE":
      return { is: "signed in" };
    case "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED":
      return { is: "new password" };
    case "RESET_PASSWORD":
      return { is: "reset" };
    case "CONFIRM_SIGN_UP":
      return { is: "confirm" };
    case "CONFIRM_SIGN_IN_WITH_TOTP_CODE":
      return { is: "authenticator code" };
    case "CONTINUE_SIGN_IN_WITH_TOTP_SETUP":
      return { is: "authenticator set-up", secret: nextStep.totpSetupDetails.sharedSecret };
    case "CONFIRM_SIGN_IN_WITH_EMAIL_CODE":
      return { is: "sent code", by: "email", to: nextStep.codeDeliveryDetails?.destination ?? "" };
    case "CONFIRM_SIGN_IN_WITH_SMS_CODE":
      return { is: "sent code", by: "text", to: nextStep.codeDeliveryDetails?.destination ?? "" };
    case "CONTINUE_SIGN_IN_WITH_MFA_SELECTION":
      return { is: "choice", kinds: nextStep.allowedMFATypes ?? [], isSetUp: false };
    case "CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION":
      return { is: "choice", kinds: nextStep.allowedMFATypes ?? [], isSetUp: true };
    case "CONTINUE_SIGN_IN_WITH_EMAIL_SETUP":
      return { is: "email set-up" };
    default:
      return { is: "unknown", step: nextStep.signInStep };
  }
}
