/** Cognito's refusals as words that say what to do. None says whether an account exists. */

import { isOffline, sentence } from "../messages";
import { texts } from "../languages";
import type { NameKind } from "./accounts";
import { errorName } from "./session";

/** The request that was refused. */
export type Request =
  | "sign in"
  | "first password"
  | "authenticator code"
  /** By email or text message, as the second proof. */
  | "sent code"
  | "sign up"
  /** With a code by email: to confirm an account, and to replace a password. */
  | "mail code"
  | "send code"
  /** Of the signed-in user. */
  | "account";

export interface Problem {
  text: string;
  /** Nothing that is entered in this form could help: the sign-in has to begin again. */
  isLost?: true;
}

export function problemOf(error: unknown, request: Request, name: NameKind): Problem {
  const said = error instanceof Error ? error.message : "";
  const { problems } = texts().signIn;
  switch (errorName(error)) {
    case "NotAuthorizedException":
      return notAuthorized(said, request, name);
    case "UserNotFoundException":
      return { text: request === "mail code" ? problems.wrongMailCode : problems.wrong(name) };
    case "CodeMismatchException":
    case "ExpiredCodeException":
    case "UserNotConfirmedException":
      if (request === "mail code") return { text: problems.wrongMailCode };
      if (request === "sent code") return { text: problems.wrongSentCode };
      if (request === "authenticator code" || request === "account") return { text: problems.wrongAppCode };
      return { text: problems.tookTooLong, isLost: true };
    // So Cognito refuses the first code of a new app.
    case "EnableSoftwareTokenMFAException":
      return { text: problems.wrongAppCode };
    // Amplify forgot the attempt, or the pool asks for something that Amplify does not know.
    case "SignInException": {
      const challenge = /(\w+) challengeName returned/.exec(said)?.[1] ?? (/MFA setup/.test(said) ? "MFA_SETUP" : undefined);
      return challenge ? { text: problems.unknownStep(challenge), isLost: true } : { text: problems.tookTooLong, isLost: true };
    }
    case "PasskeyNotSupported":
    case "PasskeyRetrievalFailed":
    case "PasskeyAuthenticationCanceled":
    case "PasskeyOperationAborted":
    case "InvalidPasskeyAuthenticationOptions":
    case "RelyingPartyMismatch":
      return { text: problems.passkey, isLost: true };
    // Only who has the code of its mailbox gets this.
    case "AliasExistsException":
      return { text: problems.otherAccount };
    case "InvalidPasswordException":
      return { text: problems.password(policy(said)) };
    case "InvalidParameterException":
      if (request === "mail code" && !/password/i.test(said)) return { text: problems.wrongMailCode };
      return { text: /password/i.test(said) ? problems.password(policy(said)) : problems.refused(sentence(said)) };
    case "PasswordHistoryPolicyViolationException":
      return { text: problems.usedBefore };
    case "TooManyRequestsException":
    case "TooManyFailedAttemptsException":
    case "LimitExceededException":
      return { text: request === "send code" ? problems.tooManyMails : problems.tooMany };
    case "CodeDeliveryFailureException":
      return { text: problems.noMail };
    case "SoftwareTokenMFANotFoundException":
      return { text: problems.noAuthenticator };
    case "UserUnAuthenticatedException":
      return { text: problems.ended, isLost: true };
    case "ResourceNotFoundException":
      return { text: problems.noPool };
    default:
      return { text: isOffline(error) ? texts().app.lostConnection : problems.unknown(sentence(said || String(error))) };
  }
}

/** One name of an error for many refusals: Cognito's message says which. */
function notAuthorized(said: string, request: Request, name: NameKind): Problem {
  const { problems } = texts().signIn;
  if (/attempts exceeded/i.test(said)) return { text: problems.tooMany };
  switch (request) {
    case "sign in":
      return { text: /password.*expired/i.test(said) ? problems.temporaryExpired : problems.wrong(name) };
    case "first password":
    case "authenticator code":
    case "sent code":
      return { text: problems.tookTooLong, isLost: true };
    case "sign up":
      return { text: problems.noSignUp };
    case "mail code":
    case "send code":
      return { text: problems.wrongMailCode };
    case "account":
      return /token|session/i.test(said) ? { text: problems.ended, isLost: true } : { text: problems.wrongCurrent };
  }
}

/** The rule of a password that Cognito names, without the words before it. */
function policy(said: string): string {
  return sentence(said.replace(/^Password did not conform with (password )?policy:\s*/i, ""));
}
