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
  | { is: "unknown"; step: string };

export async function signIn(username: string, password: string): Promise<Next> {
  const attempt = () => begin({ username, password, options: { authFlowType: "USER_SRP_AUTH" } });
  try {
    return nextAfter(await attempt());
  } catch (error) {
    // Another tab left its tokens.
    if (errorName(error) !== "UserAlreadyAuthenticatedException") throw error;
    await signOut();
    return nextAfter(await attempt());
  }
}

/** Goes on with what Cognito asked for: the new password, or the code of the authenticator app. */
export async function answer(challengeResponse: string): Promise<Next> {
  return nextAfter(await confirmSignIn({ challengeResponse }));
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
    default:
      return { is: "unknown", step: nextStep.signInStep };
  }
}
