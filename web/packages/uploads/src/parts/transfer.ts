/** One file on its way in parts: what is missing is sent, four parts at a time, and the parts are put together. */

import type { Multipart, Part, Place } from "./multipart";
import { Refusal } from "../refusal";
import { retried, type Patience } from "../retry";
import type { Server } from "../server";
import type { Slots } from "../slots";

const MB = 1024 * 1024;
/** Smaller files are sent as a whole. */
export const IN_PARTS_FROM = 16 * MB;
/** What is lost with a connection, in bytes, is at most this for each part on its way. */
const PART_SIZE = 8 * MB;
const MOST_PARTS = 10_000;
const MOST_BEGINNINGS = 3;

/** An upload that S3 knows. */
export interface Begun extends Place {
  partSize: number;
  /** The parts that S3 has, by number; undefined until S3 was asked. */
  parts?: Map<number, Part>;
  /** The most bytes that were shown as sent. */
  sent?: number;
}

export interface Way {
  server: Server;
  /** The folder of the new object. */
  folder: string;
  multipart: Multipart;
  slots: Slots;
  patience: Patience;
  signal: AbortSignal;
  /** Bytes that arrived or are on their way, never fewer than before; `waits` while the network does not answer. */
  progress: (sent: number, waits: boolean) => void;
  /** The upload as S3 knows it; undefined when that is over. */
  remember: (begun: Begun | undefined) => Promise<void>;
}

/** The size of all parts but the last, which is smaller: whole megabytes, and at most 10,000 parts. */
export function partSizeOf(size: number): number {
  return Math.max(PART_SIZE, Math.ceil(size / MOST_PARTS / MB) * MB);
}

/**
 * Sends the file, or what is missing of it. Returns the key of the object; undefined where the stack allows no uploads in
 * parts. Throws a `Refusal`.
 */
export async function sendInParts(file: File, old: Begun | undefined, way: Way): Promise<string | undefined> {
  let begun = old;
  for (let beginnings = begun ? 0 : 1; ; beginnings += 1) {
    begun ??= await begin(file, way);
    if (!begun) return undefined;
    try {
      await sendMissing(file, begun, way);
      await complete(file, begun, way);
      break;
    } catch (error) {
      way.signal.throwIfAborted();
      if (!(error instanceof Refusal) || error.kind !== "gone") throw error;
      // S3 forgets an upload that was completed too: the answer may have been lost.
      const isThere = await retried(() => way.server.has(begun?.key ?? ""), way);
      if (isThere) break;
      await way.remember(undefined);
      if (beginnings >= MOST_BEGINNINGS) throw error;
      begun = undefined;
    }
  }
  const { key } = begun;
  await way.remember(undefined);
  return key;
}

async function begin(file: File, way: Way): Promise<Begun | undefined> {
  let signed = await way.server.begin(file, way.folder);
  if (!signed) return undefined;
  const place = await retried(async () => {
    if (signed && signed.expiresAt < Date.now()) signed = await way.server.begin(file, way.folder);
    if (!signed) throw new Refusal("no such route");
    return way.multipart.begin(signed);
  }, way);
  const begun = { ...place, partSize: partSizeOf(file.size), parts: new Map<number, Part>() };
  await way.remember(begun);
  way.signal.throwIfAborted();
  return begun;
}

async function sendMissing(file: File, begun: Begun, way: Way): Promise<void> {
  const { partSize } = begun;
  const content = (number: number) => file.slice((number - 1) * partSize, number * partSize);
  const numbers = Array.from({ length: Math.ceil(file.size / partSize) }, (_, index) => index + 1);
  if (!begun.parts) {
    const listed = await retried(() => way.multipart.parts(begun), way);
    // A part of another size is not this file's, and is sent again.
    const fitting = listed.filter(({ number, size }) => content(number).size === size);
    begun.parts = new Map(fitting.map((part) => [part.number, part]));
  }
  const { parts } = begun;
  const onTheWay = new Map<number, number>();
  let stored = sum([...parts.values()].map(({ size }) => size));
  const tell = (waits = false) => {
    begun.sent = Math.max(begun.sent ?? 0, stored + sum([...onTheWay.values()]));
    way.progress(begun.sent, waits);
  };
  tell();
  const failed = new AbortController();
  const signal = AbortSignal.any([way.signal, failed.signal]);
  const sendOne = async (number: number) => {
    const progress = (sent: number) => {
      onTheWay.set(number, sent);
      tell();
    };
    const options = { signal, patience: way.patience, waits: () => tell(true) };
    const attempt = () => way.multipart.part(begun, number, content(number), { signal, progress });
    const part = await retried(attempt, options).finally(() => onTheWay.delete(number));
    parts.set(number, part);
    stored += part.size;
    await way.remember(begun);
    tell();
  };
  const missing = numbers.filter((number) => !parts.has(number));
  const worker = async () => {
    for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
      const number = next;
      await way.slots.take(() => sendOne(number), signal);
    }
  };
  const workers = Array.from({ length: way.slots.count }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    failed.abort();
    // No part may arrive after the upload was cancelled.
    await Promise.allSettled(workers);
    throw error;
  }
}

async function complete(file: File, begun: Begun, way: Way): Promise<void> {
  const unknown = () => [...(begun.parts ?? [])].some(([, { etag }]) => etag === "");
  await retried(async () => {
    const parts = unknown() ? await way.multipart.parts(begun) : [...(begun.parts ?? [])].map(([, part]) => part);
    parts.sort((one, other) => one.number - other.number);
    try {
      await way.multipart.complete(begun, parts, file.size);
    } catch (error) {
      // The key is this upload's alone: an object under it is this file, of an answer that was lost.
      if (!(error instanceof Refusal && error.kind === "there already")) throw error;
    }
  }, way);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, it) => all + it, 0);
}
