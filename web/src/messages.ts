/** What messages are made of. */

import { errorName } from "./sign-in/session";

/** Whether a request had no answer at all. */
export function isOffline(error: unknown): boolean {
  return errorName(error) === "NetworkError" || error instanceof TypeError || !navigator.onLine;
}

/** A message of AWS as a sentence. */
export function sentence(text: string): string {
  const plain = text.trim();
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}
