/** The requests to Cognito of the signed-in user about the own account. */

import { fetchAuthSession, fetchMFAPreference, setUpTOTP, updateMFAPreference, updatePassword, verifyTOTPSetup } from "aws-amplify/auth";
import type { Config } from "../../config";
import { signOut } from "../session";

export async function changePassword(oldPassword: string, newPassword: string): Promise<void> {
  await updatePassword({ oldPassword, newPassword });
}

/** Whether the user's sign-in asks for the code of an authenticator app. */
export async function hasAuthenticator(): Promise<boolean> {
  const { enabled } = await fetchMFAPreference();
  return enabled?.includes("TOTP") ?? false;
}

/** Begins the set-up of an app. Returns its key in Base32. An app that was set up before stops working. */
export async function beginAuthenticator(): Promise<string> {
  return (await setUpTOTP()).sharedSecret;
}

/** Ends the set-up with the app's first code. Only the preference makes the sign-in ask for codes. */
export async function confirmAuthenticator(code: string): Promise<void> {
  await verifyTOTPSetup({ code });
  await updateMFAPreference({ totp: "PREFERRED" });
}

export async function removeAuthenticator(): Promise<void> {
  await updateMFAPreference({ totp: "DISABLED" });
}

/** How long a token is valid that another device has now, at most; in whole minutes. */
export async function tokenMinutes(): Promise<number> {
  const { tokens } = await fetchAuthSession();
  const { exp = 0, iat = 0 } = tokens?.idToken?.payload ?? {};
  return Math.ceil((exp - iat) / 60);
}

/** Ends all sessions of the user. Amplify's own function hides a failure, after which other devices stay signed in. */
export async function signOutEverywhere({ region, cognitoEndpoint }: Config): Promise<void> {
  const { tokens } = await fetchAuthSession();
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const response = await fetch(cognitoEndpoint ?? `https://cognito-idp.${region}.${domain}/`, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-amz-json-1.1",
      "X-Amz-Target": "AWSCognitoIdentityProviderService.GlobalSignOut",
    },
    body: JSON.stringify({ AccessToken: tokens?.accessToken.toString() }),
  });
  if (!response.ok) {
    const { __type = "", message = "" } = (await response.json().catch(() => ({}))) as { __type?: string; message?: string };
    throw Object.assign(new Error(message), { name: __type.replace(/^.*#/, "") });
  }
  await signOut();
}
