/**
 * Who is signed in. Amplify does the work: SRP, so that the password never leaves the page; tokens kept in the
 * browser's storage, so that a reload changes nothing; renewal with the refresh token when they run out.
 */

import { Amplify } from "aws-amplify";
import { confirmSignIn, fetchAuthSession, signIn, signOut, type SignInOutput } from "aws-amplify/auth";
import type { Config } from "./config";

export interface Person {
  /** Their lasting name in the pool: the folder that their files are in. */
  sub: string;
  name: string;
}

/** What comes after a step of signing in. */
export type Next = { kind: "signed in" } | { kind: "new password" } | { kind: "cannot"; why: string };

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

export async function begin(username: string, password: string): Promise<Next> {
  const attempt = () => signIn({ username, password, options: { authFlowType: "USER_SRP_AUTH" } });
  try {
    return next(await attempt());
  } catch (error) {
    // Tokens that another tab left behind.
    if (nameOf(error) !== "UserAlreadyAuthenticatedException") throw error;
    await leave();
    return next(await attempt());
  }
}

export async function choosePassword(password: string): Promise<Next> {
  return next(await confirmSignIn({ challengeResponse: password }));
}

function next({ nextStep }: SignInOutput): Next {
  switch (nextStep.signInStep) {
    case "DONE":
      return { kind: "signed in" };
    case "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED":
      return { kind: "new password" };
    case "RESET_PASSWORD":
      return { kind: "cannot", why: "Your password was reset. Ask whoever runs this page for a new temporary password." };
    case "CONFIRM_SIGN_UP":
      return { kind: "cannot", why: "This account was not confirmed yet. Ask whoever runs this page to confirm it." };
    default:
      return { kind: "cannot", why: `This account needs a step of signing in that this page does not know (${nextStep.signInStep}).` };
  }
}

/** Who is signed in; undefined when nobody is. Throws when that can't be told, because the connection is lost. */
export async function whoIsThere(): Promise<Person | undefined> {
  const { tokens } = await fetchAuthSession();
  const claims = tokens?.idToken?.payload;
  if (!claims) return undefined;
  const text = (claim: unknown) => (typeof claim === "string" ? claim : undefined);
  const sub = text(claims.sub) ?? "";
  return { sub, name: text(claims.email) ?? text(claims["cognito:username"]) ?? sub };
}

/** The id token, renewed when it ran out or when `renew` says so; undefined when nobody is signed in. */
export async function idToken(renew = false): Promise<string | undefined> {
  const { tokens } = await fetchAuthSession({ forceRefresh: renew });
  return tokens?.idToken?.toString();
}

export async function leave(): Promise<void> {
  try {
    await signOut();
  } catch {
    // Cognito could not be told, but the tokens of this browser are gone.
  }
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
