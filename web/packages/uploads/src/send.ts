/** One request to S3, by XMLHttpRequest: `fetch` does not tell how much was sent. */

import { Refusal, s3Refusal } from "./refusal";
import type { Signed } from "./server";

export interface Body {
  /** A `Blob` is read from the disk while it is sent; memory does not grow with it. */
  content?: Blob | string;
  signal?: AbortSignal;
  /** Bytes of the body that were sent. */
  progress?: (sent: number) => void;
}

export interface Answer {
  text: string;
  /** Empty where the bucket's CORS rules do not expose it. */
  etag: string;
}

/** Throws a `Refusal`, or the reason of the signal. */
export type Send = (signed: Signed, body?: Body) => Promise<Answer>;

// Headers that only the browser may set; it sets them correctly.
const OWN_OF_BROWSER = /^(host|content-length|connection|date|origin|referer|accept-encoding)$/i;
// A connection that dropped without an end looks like one that sends nothing.
const STALLED = 120_000;

export const send: Send = (signed, { content, signal, progress } = {}) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let stalled: ReturnType<typeof setTimeout> | undefined;
    signal?.addEventListener("abort", abort);
    request.upload.addEventListener("progress", ({ loaded }) => {
      clearTimeout(stalled);
      stalled = setTimeout(abort, STALLED);
      progress?.(loaded);
    });
    request.addEventListener("load", () => {
      const { status, responseText: text } = request;
      if (status < 200 || status >= 300) return reject(s3Refusal(status, text));
      const isExposed = /^etag:/im.test(request.getAllResponseHeaders());
      resolve({ text, etag: (isExposed && request.getResponseHeader("ETag")) || "" });
    });
    request.addEventListener("error", () => void whyNoAnswer(content, signed).then(reject));
    request.addEventListener("abort", () => reject(signal?.aborted ? signal.reason : new Refusal("unreachable")));
    request.addEventListener("loadend", () => {
      clearTimeout(stalled);
      signal?.removeEventListener("abort", abort);
    });
    request.open(signed.method, signed.url);
    for (const [name, value] of Object.entries(signed.headers)) {
      if (!OWN_OF_BROWSER.test(name)) request.setRequestHeader(name, value);
    }
    request.send(content ?? null);
  });

/** Throws a `Refusal` for a file that was moved or changed, and for a folder. */
export async function assertReadable(file: Blob): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Refusal("unreadable");
  }
}

/** The browser does not tell a script why there was no answer; what is known besides often does. */
async function whyNoAnswer(content: Blob | string | undefined, { expiresAt }: Signed): Promise<Refusal> {
  try {
    if (content instanceof Blob) await assertReadable(content);
  } catch (error) {
    return error as Refusal;
  }
  const isLate = navigator.onLine && Date.now() > expiresAt;
  return new Refusal(isLate ? "expired" : "unreachable");
}
