/**
 * The session of the signed-in user. Amplify signs in by SRP, so that the password never leaves the page, keeps the
 * tokens in the browser's storage, so that they survive a reload, and renews them with the refresh token.
 */

import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import type { Config } from "../config";

export interface User {
  /** The permanent id in the pool; also the name of the folder with the user's files. */
  sub: string;
  name: string;
}

/** The next step of signing in. */
export type SignInStep = { kind: "signed in" } | { kind: "new password" } | { kind: "cannot"; why: string };

export function configure({ userPoolId, clientId, cognitoEndpoint }: Config): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId,
        userPoolClientId: clientId,
        ...(cognitoEndpoint && { userPoolEndpoint: cognitoEndpoint }),
      },
    },
  });
}

export async function signIn(username: string, password: string): Promise<SignInStep> {
  const attempt = () => auth.signIn({ username, password, options: { authFlowType: "USER_SRP_AUTH" } });
  try {
    return stepAfter(await attempt());
  } catch (error) {
    // Another tab left its tokens.
    if (errorName(error) !== "UserAlreadyAuthenticatedException") throw error;
    await signOut();
    return stepAfter(await attempt());
  }
}

export async function choosePassword(password: string): Promise<SignInStep> {
  return stepAfter(await auth.confirmSignIn({ challengeResponse: password }));
}

function stepAfter({ nextStep }: auth.SignInOutput): SignInStep {
  switch (nextStep.signInStep) {
    case "DONE":
      return { kind: "signed in" };
    case "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED":
      return { kind: "new password" };
    case "RESET_PASSWORD":
      return { kind: "cannot", why: "Your password was reset. Ask the administrator of this page for a new temporary password." };
    case "CONFIRM_SIGN_UP":
      return { kind: "cannot", why: "This account was not confirmed yet. Ask the administrator of this page to confirm it." };
    default:
      return { kind: "cannot", why: `This account needs a step of signing in that this page does not know (${nextStep.signInStep}).` };
  }
}

/** The signed-in user, or undefined. Throws when the connection is lost before that is known. */
export async function currentUser(): Promise<User | undefined> {
  const { tokens } = await auth.fetchAuthSession();
  const claims = tokens?.idToken?.payload;
  if (!claims) return undefined;
  const text = (claim: unknown) => (typeof claim === "string" ? claim : undefined);
  const sub = text(claims.sub) ?? "";
  return { sub, name: text(claims.email) ?? text(claims["cognito:username"]) ?? sub };
}

/** The id token, or undefined without a user. It is renewed when it has expired or when `renew` is true. */
export async function idToken(renew = false): Promise<string | undefined> {
  const { tokens } = await auth.fetchAuthSession({ forceRefresh: renew });
  return tokens?.idToken?.toString();
}

export async function signOut(): Promise<void> {
  try {
    await auth.signOut();
  } catch {
    // The request to Cognito failed, but this browser's tokens are deleted.
  }
}

export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
