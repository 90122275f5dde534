/** The requests to Cognito of people who are not signed in. */

import { confirmResetPassword, confirmSignUp, resendSignUpCode, resetPassword, signUp } from "aws-amplify/auth";
import { errorName } from "../session";

/**
 * Makes an account. Returns whether it has to be confirmed with a code. An account that exists already gets the same
 * answer, so that strangers don't learn of it; if it waits for its code, Cognito sends another one.
 */
export async function createAccount(name: string, password: string, email: string): Promise<boolean> {
  try {
    const { isSignUpComplete } = await signUp({ username: name, password, options: { userAttributes: { email } } });
    return !isSignUpComplete;
  } catch (error) {
    switch (errorName(error)) {
      case "UsernameExistsException":
        await sendConfirmation(name).catch(() => {});
        return true;
      // The account exists, but the mails of this day are used up.
      case "LimitExceededException":
      case "CodeDeliveryFailureException":
        return true;
      default:
        throw error;
    }
  }
}

export async function confirmAccount(name: string, code: string): Promise<void> {
  await confirmSignUp({ username: name, confirmationCode: code });
}

/** Has Cognito send a new code to an account that waits for one. */
export async function sendConfirmation(name: string): Promise<void> {
  await quietly(resendSignUpCode({ username: name }));
}

/** Has Cognito send a code to replace the password. */
export async function sendReset(name: string): Promise<void> {
  await quietly(resetPassword({ username: name }));
}

export async function replacePassword(name: string, code: string, password: string): Promise<void> {
  await confirmResetPassword({ username: name, confirmationCode: code, newPassword: password });
}

/** Without the refusals that tell something about the account: that it does not exist, or that no code can reach it. */
async function quietly(request: Promise<unknown>): Promise<void> {
  const ABOUT_THE_ACCOUNT = [
    "UserNotFoundException", "InvalidParameterException", "NotAuthorizedException", "UserNotConfirmedException",
    "CodeDeliveryFailureException",
  ];
  try {
    await request;
  } catch (error) {
    if (!ABOUT_THE_ACCOUNT.includes(errorName(error))) throw error;
  }
}
