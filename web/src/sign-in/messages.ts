/** Messages of the sign-in. */

import { isOffline, OFFLINE, sentence } from "../messages";
import { errorName } from "./session";

/** The message for an error of signing in. */
export function signInProblem(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  switch (errorName(error)) {
    case "NotAuthorizedException":
      if (/temporary password has expired|password.*expired/i.test(message)) {
        return "Your temporary password has expired. Ask the administrator of this page for a new one.";
      }
      if (/attempts exceeded/i.test(message)) return "Too many attempts. Wait some minutes, then try again.";
      if (/disabled/i.test(message)) return "This account is disabled.";
      if (/session/i.test(message)) return "That took too long. Sign in again from the start.";
      return "The user name or the password is wrong.";
    case "UserNotFoundException":
      return "The user name or the password is wrong.";
    case "CodeMismatchException":
    case "ExpiredCodeException":
    case "SignInException":
      return "That took too long. Sign in again from the start.";
    case "PasswordResetRequiredException":
      return "Your password was reset. Ask the administrator of this page for a new temporary password.";
    case "InvalidPasswordException":
    case "InvalidParameterException":
      return `The pool does not take this password${message ? `: ${sentence(message)}` : "."}`;
    case "PasswordHistoryPolicyViolationException":
      return "You used this password before. Choose another one.";
    case "TooManyRequestsException":
    case "LimitExceededException":
      return "Too many attempts. Wait some minutes, then try again.";
    case "NetworkError":
      return OFFLINE;
    case "ResourceNotFoundException":
      return "The user pool of this page does not exist any more. Its administrator has to apply the stack and write the configuration again.";
    case "EmptySignInUsername":
      return "Enter your user name.";
    case "EmptySignInPassword":
      return "Enter your password.";
    default:
      return isOffline(error) ? OFFLINE : `Signing in did not work: ${sentence(message || String(error))}`;
  }
}
