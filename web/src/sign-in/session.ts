/**
 * The session of the signed-in user. Amplify keeps its tokens in the browser's storage, so that they survive a reload,
 * and renews them with the refresh token.
 */

import { Amplify } from "aws-amplify";
import { fetchAuthSession, signOut as endSession } from "aws-amplify/auth";
import type { Config } from "../config";

export interface User {
  /** The permanent id in the pool; also the name of the folder with the user's files. */
  sub: string;
  name: string;
  /** The user name in the pool; a random one where people sign in with an email address. */
  username: string;
}

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

/** The signed-in user, or undefined. Throws when the connection is lost before that is known. */
export async function currentUser(): Promise<User | undefined> {
  const { tokens } = await fetchAuthSession();
  const claims = tokens?.idToken?.payload;
  if (!claims) return undefined;
  const text = (claim: unknown) => (typeof claim === "string" ? claim : undefined);
  const sub = text(claims.sub) ?? "";
  const username = text(claims["cognito:username"]) ?? sub;
  return { sub, name: text(claims.email) ?? username, username };
}

/** The id token, or undefined without a user. It is renewed when it has expired or when `renew` is true. */
export async function idToken(renew = false): Promise<string | undefined> {
  const { tokens } = await fetchAuthSession({ forceRefresh: renew });
  return tokens?.idToken?.toString();
}

export async function signOut(): Promise<void> {
  try {
    await endSession();
  } catch {
    // The request to Cognito failed, but this browser's tokens are deleted.
  }
}

export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
