/** The presign endpoint: it answers with URLs that S3 takes, and never sees a file. */

import { Refusal, s3Refusal } from "../refusal";
import type { Server, Signed, ToSign } from "../server";
import { endpointRefusal, expiry, isOurs, object, readListing, readPlaces, readSigned, text } from "./answers";
import type { Link, Listing, Places, StoredFile, Verb } from "./types";

/** Returns the id token of the signed-in person, a new one if `renew`; undefined when the session has ended. */
export type IdToken = (renew: boolean) => Promise<string | undefined>;

type Json = Record<string, unknown>;
type Wanted = Pick<File, "name" | "type" | "size">;

/** S3 lists a thousand files at once. */
const MOST_PAGES = 20;
/** The one route that every stack of this kind has. */
const ROOT = "/";
const SIGN = "/sign";
const FOLDERS = "/folders";

interface ListOptions {
  signal?: AbortSignal;
  /** Gets what was read so far, after each thousand but the last. */
  soFar?: (files: readonly StoredFile[]) => void;
}

export class Endpoint implements Server {
  readonly #base: string;
  readonly #idToken: IdToken;
  /** `simple`: the one route `GET /`. Found out by asking. */
  #contract: "unknown" | "simple" | "rich" = "unknown";
  /** Whether the stack has `/sign` and the grant `multipart`. Found out by asking. */
  #mayBegin: boolean | undefined;
  readonly #may = new Map<"GET" | "DELETE", boolean>();

  /** `base` is the endpoint's URL without a slash at its end. */
  constructor(base: string, idToken: IdToken) {
    this.#base = base;
    this.#idToken = idToken;
  }

  /** The folders of the person, their own first; undefined where the endpoint does not tell. Throws a `Refusal`. */
  async places(): Promise<Places | undefined> {
    if (this.#contract === "simple") return undefined;
    try {
      return readPlaces(await this.#ask("GET", FOLDERS));
    } catch (error) {
      if (!mayBeMissing(error)) throw error;
      // A browser can't tell a missing route from a lost network; the route that is always there can.
      if (error instanceof Refusal && error.kind === "unreachable") await this.#ticketOfRoot(0);
      return undefined;
    }
  }

  /** A URL for one upload. Without a folder the file goes to the person's own. */
  async ticket(file: Wanted, folder = ""): Promise<Signed> {
    if (this.#contract !== "simple") {
      const asked = { filename: file.name, contentType: typeOf(file), size: file.size, ...(folder && { folder }) };
      try {
        return readSigned(await this.#ask("POST", "/uploads", asked));
      } catch (error) {
        if (this.#contract === "rich" || !mayBeMissing(error)) throw error;
      }
    }
    const signed = await this.#ticketOfRoot(file.size, folder);
    this.#contract = "simple";
    return signed;
  }

  async #ticketOfRoot(size: number, folder = ""): Promise<Signed> {
    const url = await this.#ask("GET", `${ROOT}?size=${size}${folder && `&folder=${encodeURIComponent(folder)}`}`);
    if (typeof url !== "string") throw new Refusal("broken", "The endpoint answered without a URL.");
    return { url, method: "PUT", headers: {}, key: decodeURIComponent(new URL(url).pathname), expiresAt: expiry(url) };
  }

  /** The request that begins an upload in parts; undefined where the stack does not allow it. */
  async begin(file: Wanted, folder = ""): Promise<Signed | undefined> {
    if (this.#mayBegin === false || this.#contract === "simple") return undefined;
    const asked = { method: "POST", key: file.name, contentType: typeOf(file), size: file.size, ...(folder && { folder }) };
    try {
      const signed = readSigned(await this.#ask("POST", SIGN, asked));
      this.#mayBegin = true;
      return signed;
    } catch (error) {
      const isRefused = error instanceof Refusal && error.kind === "not allowed";
      if (this.#mayBegin || !(isRefused || mayBeMissing(error))) throw error;
      // A rule may refuse it in one folder alone.
      if (isRefused && folder) return undefined;
      // A route that is missing looks like a lost connection; with a connection another route answers.
      if (!isRefused) await this.ticket(file, folder);
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
    return (await this.list(key.slice(0, key.lastIndexOf("/", key.lastIndexOf("/") - 1) + 1)))?.files.some((file) => file.key === key);
  }

  /** The files of a folder, newest first; undefined where the stack does not let them be listed. Throws a `Refusal`. */
  async list(folder = "", { signal, soFar }: ListOptions = {}): Promise<Listing | undefined> {
    if (this.#contract === "simple") return undefined;
    const asked = folder ? [`folder=${encodeURIComponent(folder)}`] : [];
    const page = async (query: string[]) => object(await this.#ask("GET", `/uploads${query.length > 0 ? `?${query.join("&")}` : ""}`));
    let answer;
    try {
      answer = await page(asked);
    } catch (error) {
      if (error instanceof Refusal && error.kind === "not allowed") return undefined;
      if (this.#contract === "rich" || !mayBeMissing(error)) throw error;
      await this.#ticketOfRoot(0);
      return undefined;
    }
    const files: StoredFile[] = [];
    for (let pages = 1; ; pages += 1) {
      const response = await reach(text(answer.url), signal ? { signal } : {});
      const body = await response.text();
      if (!response.ok) throw s3Refusal(response.status, body);
      const more = readListing(body, files);
      if (more === "" || pages === MOST_PAGES) return { files: sorted(files), isCut: more !== "" };
      soFar?.(sorted(files));
      answer = await page([...asked, `continuationToken=${encodeURIComponent(more)}`]);
    }
  }

  /** Which of `get` and `delete` a file allows, where `places` does not tell: asking for a URL does nothing to it. */
  async verbsOf(file: StoredFile): Promise<Verb[]> {
    const [get, remove] = await Promise.all([this.#mayAsk("GET", file.key), this.#mayAsk("DELETE", file.key)]);
    return ["list", ...(get ? (["get"] as const) : []), ...(remove ? (["delete"] as const) : [])];
  }

  async #mayAsk(method: "GET" | "DELETE", key: string): Promise<boolean> {
    const known = this.#may.get(method);
    if (known !== undefined) return known;
    let may = true;
    try {
      await this.#ask(method, pathOf(key));
    } catch (error) {
      if (!mayBeMissing(error) && !(error instanceof Refusal && error.kind === "not allowed")) throw error;
      may = false;
    }
    this.#may.set(method, may);
    return may;
  }

  /** A URL that saves the file under its name; with `inline` one that shows a PDF. Throws a `Refusal`. */
  async link(key: string, inline = false): Promise<Link> {
    const { url, expiresAt } = readSigned(await this.#ask("GET", pathOf(key) + (inline ? "?inline=true" : "")));
    return { url, expiresAt };
  }

  /** The same, of a file that is there: its first byte is requested beforehand, so that a refusal has words. */
  async download(key: string): Promise<Link> {
    const link = await this.link(key);
    const response = await reach(link.url, { headers: { Range: "bytes=0-0" } });
    const isEmpty = response.status === 416;
    if (!response.ok && !isEmpty) throw s3Refusal(response.status, await response.text());
    await response.body?.cancel();
    return link;
  }

  /** Deletes a file; one that is gone already counts as deleted. Throws a `Refusal`. */
  async remove(key: string): Promise<void> {
    await this.removeBy(await this.removal(key));
  }

  /** A URL that deletes a file, for `removeBy`. Throws a `Refusal`. */
  async removal(key: string): Promise<Link> {
    const { url, expiresAt } = readSigned(await this.#ask("DELETE", pathOf(key)));
    return { url, expiresAt };
  }

  /** Deletes the file of a URL. The request outlives a page that is being closed. Throws a `Refusal`. */
  async removeBy({ url }: Link): Promise<void> {
    const response = await reach(url, { method: "DELETE", keepalive: true });
    if (!response.ok && response.status !== 404) throw s3Refusal(response.status, await response.text());
  }

  async #ask(method: "GET" | "POST" | "DELETE", path: string, body?: Json): Promise<unknown> {
    // These do not tell whether there is `/uploads`.
    const isOther = path.startsWith(`${ROOT}?`) || path === SIGN || path === FOLDERS;
    let response = await this.#send(method, path, body, false);
    // The token may have been revoked, or the clock of this machine be wrong: a fresh one tells.
    if (response.status === 401) response = await this.#send(method, path, body, true);
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const refusal = endpointRefusal(response.status, answer);
      if (refusal.kind !== "no such route" && !isOther && isOurs(answer)) this.#contract = "rich";
      throw refusal;
    }
    if (!isOther) this.#contract = "rich";
    return answer;
  }

  async #send(method: string, path: string, body: Json | undefined, renew: boolean): Promise<Response> {
    const token = await this.#idToken(renew);
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
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new Refusal("unreachable");
  }
}

/** A route that is not there fails its preflight, which looks like a lost connection. */
function mayBeMissing(error: unknown): boolean {
  return error instanceof Refusal && (error.kind === "no such route" || error.kind === "unreachable");
}

function sorted(files: readonly StoredFile[]): StoredFile[] {
  return [...files].sort((one, other) => other.changed.getTime() - one.changed.getTime() || (one.name < other.name ? -1 : 1));
}

function typeOf({ type }: Wanted): string {
  return type || "application/octet-stream";
}

function pathOf(key: string): string {
  return `/uploads/${key.split("/").map(encodeURIComponent).join("/")}`;
}

