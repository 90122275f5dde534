/** Messages of the page. */

import { errorName } from "./sign-in/session";
import type { Refusal } from "./uploads";

export const OFFLINE = "The connection was lost. Check your network, then try again.";

/** Whether a request had no answer at all. */
export function isOffline(error: unknown): boolean {
  return errorName(error) === "NetworkError" || error instanceof TypeError || !navigator.onLine;
}

/** A message of AWS as a sentence. */
export function sentence(text: string): string {
  const plain = text.trim();
  return /[.!?]$/.test(plain) ? plain : `${plain}.`;
}

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

/** `512 bytes`, `30 MB`. */
export function size(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit === 0 || value >= 100 ? Math.round(value).toString() : Number(value.toPrecision(2)).toString();
  return bytes === 1 ? "1 byte" : `${text} ${UNITS[unit]}`;
}

/** `9.6 MB of 30 MB, 32 %`. */
export function share(sent: number, all: number): string {
  return `${size(sent)} of ${size(all)}, ${Math.floor((100 * sent) / all)} %`;
}

/** `today at 14:03`, `3 March 2026 at 14:03`, as the reader's language has it. */
export function time(date: Date): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(date);
}

export function many(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

/** The message for a refused upload, download or deletion. */
export function refusal({ kind, message, details }: Refusal, file?: { size: number; type: string }): string {
  const most = details.maxBytes;
  const types = details.allowed;
  switch (kind) {
    case "signed out":
      return "You are signed out. Sign in again, then retry.";
    case "unreachable":
      return navigator.onLine
        ? "The connection was lost, or the server can't be reached. Check your network, then retry."
        : "You are offline. Retry when you are connected again.";
    case "too large": {
      const own = file ? `This file is too large (${size(file.size)})` : "This file is too large";
      return typeof most === "number" ? `${own}: at most ${size(most)} are allowed.` : explained(own, message);
    }
    case "type": {
      const own = file?.type ? `Files of this type (${file.type}) are not allowed` : "Files of this type are not allowed";
      return Array.isArray(types) ? `${own}. Allowed: ${types.join(", ")}.` : explained(own, message);
    }
    case "expired":
      return "The link for this upload expired before the file arrived. Retry to get a new one.";
    case "not allowed":
      return explained("This is not allowed here", message);
    case "gone":
      return "The bucket lost the parts that were sent. Retry to send the file again.";
    case "there already":
      return "The bucket has this file already.";
    case "another file":
      return "This is another file, or it was changed since. Choose the file that was being uploaded.";
    case "elsewhere":
      return "Another tab of this browser uploads this file.";
    case "not found":
      return "This file is not there any more.";
    case "no such route":
      return "The endpoint does not know this request. The administrator of this page has to apply the stack again.";
    case "busy":
      return "Too many requests at the moment. Retry in a few seconds.";
    case "unreadable":
      return "This file can't be read: it was moved or changed, or it is a folder. Choose it again.";
    case "refused":
      return explained("This was refused", message);
    case "broken":
      return explained("Something broke on the server", message);
  }
}

function explained(what: string, why: string): string {
  return why ? `${what}: ${sentence(why)}` : `${what}.`;
}
