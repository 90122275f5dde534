/** The presign endpoint: it answers with URLs that S3 takes, and never sees a file. */

import { idToken, errorName } from "./sign-in/session";
import { Refusal, s3Refusal, type Kind, type Server, type Signed, type ToSign } from "./uploads";

export interface StoredFile {
  key: string;
  name: string;
  size: number;
  changed: Date;
}

export interface Listing {
  files: StoredFile[];
  /** Whether the stack lets them be fetched, and be taken away. */
  mayDownload: boolean;
  mayRemove: boolean;
  /** There are more, which this answer did not have place for. */
  isCut: boolean;
}

type Json = Record<string, unknown>;

// Pages of 1,000 files. A user with more files needs another page than this one.
const MOST_PAGES = 10;
/** The one route that every stack of this kind has. */
const ROOT = "/";
const SIGN = "/sign";

export class Endpoint implements Server {
  readonly #base: string;
  /** `simple`: the one route `GET /`. Found out by asking. */
  #contract: "unknown" | "simple" | "rich" = "unknown";
  readonly #may = new Map<"GET" | "DELETE", boolean>();
  /** Whether the stack has `/sign` and the grant `multipart`. Found out by asking. */
  #mayBegin: boolean | undefined;

  constructor(base: string) {
    this.#base = base;
  }

  /** A URL for one upload. */
  async ticket(file: { name: string; type: string; size: number }): Promise<Signed> {
    if (this.#contract !== "simple") {
      const asked = { filename: file.name, contentType: file.type || "application/octet-stream", size: file.size };
      try {
        return readSigned(await this.#ask("POST", "/uploads", asked));
      } catch (error) {
        if (this.#contract === "rich" || !mayBeMissing(error)) throw error;
      }
    }
    return this.#simpleTicket(file.size);
  }

  async #simpleTicket(size: number): Promise<Signed> {
    const url = await this.#ask("GET", `${ROOT}?size=${size}`);
    if (typeof url !== "string") throw new Refusal("broken", "The endpoint answered without a URL.");
    this.#contract = "simple";
    const headers = {};
    return { url, method: "PUT", headers, key: decodeURIComponent(new URL(url).pathname), expiresAt: expiry(url) };
  }

  /** The request that begins an upload in parts; undefined where the stack does not allow it. */
  async begin(file: { name: string; type: string; size: number }): Promise<Signed | undefined> {
    if (this.#mayBegin === false || this.#contract === "simple") return undefined;
    const asked = { method: "POST", key: file.name, contentType: file.type || "application/octet-stream", size: file.size };
    try {
      const signed = readSigned(await this.#ask("POST", SIGN, asked));
      this.#mayBegin = true;
      return signed;
    } catch (error) {
      const isRefused = error instanceof Refusal && error.kind === "not allowed";
      if (this.#mayBegin || !(isRefused || mayBeMissing(error))) throw error;
      // A route that is missing looks like a lost connection; with a connection another route answers.
      if (!isRefused) await this.ticket(file);
      this.#mayBegin = false;
      return undefined;
    }
  }

  async sign(request: ToSign): Promise<Signed> {
    return readSigned(await this.#ask("POST", SIGN, { ...request }));
  }

  /** Whether the person has this file; undefined where the stack does not tell. */
  async has(key: string): Promise<boolean | undefined> {
    try {
      await this.download(key);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.kind === "not found") return false;
      // S3 refuses instead of saying that a file is not there, where the function may not list.
      const isRefused = error instanceof Refusal && (error.kind === "not allowed" || error.kind === "refused");
      if (!isRefused && !mayBeMissing(error)) throw error;
    }
    return (await this.list())?.files.some((file) => file.key === key);
  }

  /** The person's own files, newest first; undefined where the stack does not let them be listed. */
  async list(signal?: AbortSignal): Promise<Listing | undefined> {
    if (this.#contract === "simple") return undefined;
    let answer;
    try {
      answer = object(await this.#ask("GET", "/uploads"));
    } catch (error) {
      if (error instanceof Refusal && error.kind === "not allowed") return undefined;
      if (this.#contract === "rich" || !mayBeMissing(error)) throw error;
      // A browser can't tell a route that is not there from a network that is gone; the route that is always there can.
      await this.#simpleTicket(0);
      return undefined;
    }
    const files: StoredFile[] = [];
    let more = "";
    for (let page = 1; ; page += 1) {
      const response = await reach(text(answer.url), signal ? { signal } : {});
      const body = await response.text();
      if (!response.ok) throw s3Refusal(response.status, body);
      more = readListing(body, text(answer.prefix), files);
      if (more === "" || page === MOST_PAGES) break;
      answer = object(await this.#ask("GET", `/uploads?continuationToken=${encodeURIComponent(more)}`));
    }
    files.sort((one, other) => other.changed.getTime() - one.changed.getTime() || one.name.localeCompare(other.name));
    const [mayDownload, mayRemove] = await Promise.all([this.#mayAsk("GET", files[0]), this.#mayAsk("DELETE", files[0])]);
    return { files, isCut: more !== "", mayDownload, mayRemove };
  }

  /** Asking for a URL does nothing to the file: so the page learns once what to offer. */
  async #mayAsk(method: "GET" | "DELETE", file: StoredFile | undefined): Promise<boolean> {
    const known = this.#may.get(method);
    if (known !== undefined || file === undefined) return known ?? false;
    let may = true;
    try {
      await this.#ask(method, pathOf(file.key));
    } catch (error) {
      if (!mayBeMissing(error) && !(error instanceof Refusal && error.kind === "not allowed")) throw error;
      may = false;
    }
    this.#may.set(method, may);
    return may;
  }

  /** A URL that the browser saves the file from. Its first byte is requested beforehand, so that a refusal is shown. */
  async download(key: string): Promise<string> {
    const url = text(object(await this.#ask("GET", pathOf(key))).url);
    const response = await reach(url, { headers: { Range: "bytes=0-0" } });
    const isEmpty = response.status === 416;
    if (!response.ok && !isEmpty) throw s3Refusal(response.status, await response.text());
    await response.body?.cancel();
    return url;
  }

  async remove(key: string): Promise<void> {
    const url = text(object(await this.#ask("DELETE", pathOf(key))).url);
    const response = await reach(url, { method: "DELETE" });
    if (!response.ok && response.status !== 404) throw s3Refusal(response.status, await response.text());
  }

  async #ask(method: string, path: string, body?: Json): Promise<unknown> {
    // These two do not tell whether there is `/uploads`.
    const isOther = path.startsWith(`${ROOT}?`) || path === SIGN;
    let response = await this.#send(method, path, body, false);
    // The token may have been revoked, or the clock of this machine be wrong: a fresh one tells.
    if (response.status === 401) response = await this.#send(method, path, body, true);
    const answer = await response.json().catch(() => undefined);
    if (!response.ok) {
      const refusal = endpointRefusal(response.status, answer);
      if (refusal.kind !== "no such route" && !isOther && isOurs(answer)) this.#contract = "rich";
      throw refusal;
    }
    if (!isOther) this.#contract = "rich";
    return answer;
  }

  async #send(method: string, path: string, body: Json | undefined, renew: boolean): Promise<Response> {
    let token;
    try {
      token = await idToken(renew);
    } catch (error) {
      throw errorName(error) === "NetworkError" ? new Refusal("unreachable") : new Refusal("signed out");
    }
    if (token === undefined) throw new Refusal("signed out");
    const headers: Record<string, string> = { Authorization: token };
    if (body) headers["Content-Type"] = "application/json";
    return reach(this.#base + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }
}

async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...options, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" });
  } catch (error) {
    if (errorName(error) === "AbortError") throw error;
    throw new Refusal("unreachable");
  }
}

/** A route that is not there fails its preflight, which looks like a lost connection. */
function mayBeMissing(error: unknown): boolean {
  return error instanceof Refusal && (error.kind === "no such route" || error.kind === "unreachable");
}

/** The function's own form of an error; API Gateway has another. */
function isOurs(answer: unknown): boolean {
  return typeof object(answer).error === "object";
}

function endpointRefusal(status: number, answer: unknown): Refusal {
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

function readSigned(answer: unknown): Signed {
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

/** When a presigned URL ends, as it says itself. */
function expiry(url: string): number {
  const query = new URL(url).searchParams;
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "") ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return (Number.isNaN(signed) ? Date.now() : signed) + Number(query.get("X-Amz-Expires") ?? 0) * 1000;
}

/** Adds the files of one answer; gives back what to ask for the next ones with, when there are more. */
function readListing(xml: string, prefix: string, files: StoredFile[]): string {
  const root = new DOMParser().parseFromString(xml, "application/xml").documentElement;
  if (root.localName !== "ListBucketResult") throw new Refusal("broken", "the bucket answered with something that is no list");
  const all = (of: Element, name: string) => [...of.children].filter((it) => it.localName === name);
  const value = (of: Element, name: string) => all(of, name)[0]?.textContent ?? "";
  const isEncoded = value(root, "EncodingType") === "url";
  for (const it of all(root, "Contents")) {
    const key = isEncoded ? decodeURIComponent(value(it, "Key").replaceAll("+", " ")) : value(it, "Key");
    files.push({ key, name: nameIn(key, prefix), size: Number(value(it, "Size")), changed: new Date(value(it, "LastModified")) });
  }
  return value(root, "IsTruncated") === "true" ? value(root, "NextContinuationToken") : "";
}

/** `uploads/{sub}/{uuid}/{file name}`: the name is what a person knows it by. */
function nameIn(key: string, prefix: string): string {
  const rest = key.startsWith(prefix) ? key.slice(prefix.length) : key;
  return rest.split("/").at(-1) || rest || key;
}

function pathOf(key: string): string {
  return `/uploads/${key.split("/").map(encodeURIComponent).join("/")}`;
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
