/** Reads the answers of the endpoint and of S3. */

import { Refusal, type Kind } from "../refusal";
import type { Signed } from "../server";
import type { Folder, Limits, Places, StoredFile, Verb } from "./types";

type Json = Record<string, unknown>;

const VERBS: readonly Verb[] = ["put", "get", "list", "delete", "multipart"];

/** The function's own form of an error; API Gateway has another. */
export function isOurs(answer: unknown): boolean {
  return typeof object(answer).error === "object";
}

export function endpointRefusal(status: number, answer: unknown): Refusal {
  const { error, message } = object(answer);
  const { code, message: said, ...details } = object(error);
  const why = text(said) || text(message);
  return new Refusal(kindOf(status, text(code), why), why, details);
}

function kindOf(status: number, code: string, message: string): Kind {
  switch (code) {
    case "TooLarge":
      return "too large";
    case "TypeNotAllowed":
      return "type";
    case "NotGranted":
    case "NotYours":
    case "NotAllowed":
      return "not allowed";
    case "NoSuchRoute":
      return "no such route";
  }
  if (status === 401 || /token has expired/i.test(message)) return "signed out";
  // API Gateway's own words for a route that is not there.
  if (status === 403 && /missing authentication token/i.test(message)) return "no such route";
  if (status === 413) return "too large";
  if (status === 403) return "not allowed";
  if (status === 404) return "not found";
  if (status === 429) return "busy";
  return status >= 500 ? "broken" : "refused";
}

export function readSigned(answer: unknown): Signed {
  const { url, method, headers, key, expiresAt } = object(answer);
  const until = typeof expiresAt === "number" ? expiresAt * 1000 : Date.parse(text(expiresAt));
  const pairs = Object.entries(object(headers)).map(([name, value]) => [name, String(value)]);
  return {
    url: text(url),
    method: text(method) || "PUT",
    headers: Object.fromEntries(pairs),
    key: text(key),
    expiresAt: Number.isNaN(until) ? expiry(text(url)) : until,
  };
}

/** The end of a presigned URL, from its query; in milliseconds since 1970. */
export function expiry(url: string): number {
  const query = new URL(url).searchParams;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return (Number.isNaN(signed) ? Date.now() : signed) + Number(query.get("X-Amz-Expires") ?? 0) * 1000;
}

export function readPlaces(answer: unknown): Places {
  const { folders, limits } = object(answer);
  const all = Array.isArray(folders) ? folders.map(object) : [];
  return { folders: all.map(readFolder), limits: readLimits(object(limits)) };
}

function readFolder({ folder, verbs }: Json): Folder {
  const told: unknown[] = Array.isArray(verbs) ? verbs : [];
  return { path: text(folder), verbs: VERBS.filter((verb) => told.includes(verb)) };
}

function readLimits({ maxBytes, contentTypes }: Json): Limits | undefined {
  if (typeof maxBytes !== "number") return undefined;
  return { maxBytes, contentTypes: Array.isArray(contentTypes) ? contentTypes.map(String) : [] };
}

/** Adds the files of one answer of S3 to `files`. Returns the token that asks for the next ones; empty at the end. */
export function readListing(xml: string, files: StoredFile[]): string {
  const root = new DOMParser().parseFromString(xml, "application/xml").documentElement;
  if (root.localName !== "ListBucketResult") throw new Refusal("broken", "the bucket answered with something that is no list");
  const all = (of: Element, name: string) => [...of.children].filter((it) => it.localName === name);
  const value = (of: Element, name: string) => all(of, name)[0]?.textContent ?? "";
  const isEncoded = value(root, "EncodingType") === "url";
  for (const it of all(root, "Contents")) {
    const key = isEncoded ? decodeURIComponent(value(it, "Key").replaceAll("+", " ")) : value(it, "Key");
    // A key that ends in a slash is a folder that another program made.
    if (key.endsWith("/")) continue;
    files.push({ key, name: nameOf(key), size: Number(value(it, "Size")), changed: new Date(value(it, "LastModified")) });
  }
  return value(root, "IsTruncated") === "true" ? value(root, "NextContinuationToken") : "";
}

/** `uploads/{sub}/{uuid}/{file name}`: the name is what a person knows a file by. */
export function nameOf(key: string): string {
  return key.split("/").at(-1) || key;
}

export function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
