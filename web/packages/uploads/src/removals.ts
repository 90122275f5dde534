/** Deletions of files: at once, or after a while in which `undo` brings the files back. */

import type { Endpoint } from "./endpoint/endpoint";
import type { Link, StoredFile } from "./endpoint/types";
import { Refusal } from "./refusal";
import { Slots } from "./slots";

/** What came of a deletion. */
export interface Removal {
  removed: readonly StoredFile[];
  failed: readonly { file: StoredFile; why: Refusal }[];
}

/** A deletion that was not sent yet. */
export interface Waiting {
  files: readonly StoredFile[];
  /** Deletes the files now. A second call has the same answer; after `undo` nothing is deleted. */
  send: () => Promise<Removal>;
  /** Brings the files back. False when they were sent already. */
  undo: () => boolean;
}

const AT_ONCE = 6;
/** A URL is replaced when this is left of its time, in milliseconds. */
const MARGIN = 2_000;

export class Removals {
  readonly #endpoint: Endpoint;
  readonly #settled: (gone: ReadonlySet<string>) => void;
  readonly #waiting = new Set<Waiting>();
  #hidden: ReadonlySet<string> = new Set();

  /** `settled` gets the keys of the files that are gone, none after `undo`, whenever `hides` has other answers. */
  constructor(endpoint: Endpoint, settled: (gone: ReadonlySet<string>) => void) {
    this.#endpoint = endpoint;
    this.#settled = settled;
  }

  /** Whether a file is not shown, because its deletion waits or is being sent. */
  hides(key: string): boolean {
    return this.#hidden.has(key);
  }

  /** Deletes files, several at a time. `progress` gets how many are done. */
  async now(files: readonly StoredFile[], progress: (done: number) => void): Promise<Removal> {
    const slots = new Slots(AT_ONCE);
    const { signal } = new AbortController();
    let done = 0;
    const one = (file: StoredFile) => slots.take(() => this.#endpoint.remove(file.key), signal).finally(() => progress((done += 1)));
    return this.#outcome(files, one);
  }

  /**
   * Hides files, and deletes them when `send` is called or the page is left. Their URLs are asked for at once, so that a
   * page that is being closed has one request left to make of each; a browser takes about 20.
   */
  later(files: readonly StoredFile[]): Waiting {
    const links = new Map<string, Link>();
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    let outcome: Promise<Removal> | undefined;
    const isOver = () => !this.#waiting.has(waiting);
    const ask = async (key: string) => {
      try {
        const link = await this.#endpoint.removal(key);
        if (isOver()) return;
        links.set(key, link);
        timers.set(key, setTimeout(() => void ask(key), Math.max(1_000, link.expiresAt - Date.now() - MARGIN)));
      } catch {
        // It is asked for again when the deletion is sent.
      }
    };
    const end = () => {
      this.#waiting.delete(waiting);
      timers.forEach(clearTimeout);
    };
    const one = async ({ key }: StoredFile) => {
      const link = links.get(key);
      if (!link) return this.#endpoint.remove(key);
      try {
        await this.#endpoint.removeBy(link);
      } catch (error) {
        if (!(error instanceof Refusal && error.kind === "expired")) throw error;
        await this.#endpoint.remove(key);
      }
    };
    const waiting: Waiting = {
      files,
      send: () => {
        end();
        return (outcome ??= this.#outcome(files, one));
      },
      undo: () => {
        if (isOver()) return false;
        end();
        outcome = Promise.resolve({ removed: [], failed: [] });
        this.#show(files);
        return true;
      },
    };
    globalThis.addEventListener("pagehide", this.sendAll);
    this.#waiting.add(waiting);
    this.#hidden = new Set([...this.#hidden, ...files.map(({ key }) => key)]);
    this.#settled(new Set());
    for (const { key } of files) void ask(key);
    return waiting;
  }

  /** Sends all that waits, in this very turn where the URLs are at hand. */
  readonly sendAll = async (): Promise<void> => {
    await Promise.all([...this.#waiting].map((it) => it.send()));
  };

  async #outcome(files: readonly StoredFile[], one: (file: StoredFile) => Promise<void>): Promise<Removal> {
    const removed: StoredFile[] = [];
    const failed: { file: StoredFile; why: Refusal }[] = [];
    const each = async (file: StoredFile) => {
      try {
        await one(file);
        removed.push(file);
      } catch (error) {
        failed.push({ file, why: error instanceof Refusal ? error : new Refusal("broken", String(error)) });
      }
    };
    await Promise.all(files.map(each));
    const missing = failed.filter(({ why }) => why.kind === "not found").map(({ file }) => file);
    this.#show(files, new Set([...removed, ...missing].map(({ key }) => key)));
    return { removed, failed };
  }

  #show(files: readonly StoredFile[], gone: ReadonlySet<string> = new Set()): void {
    const settled = new Set(files.map(({ key }) => key));
    this.#hidden = new Set([...this.#hidden].filter((key) => !settled.has(key)));
    this.#settled(gone);
  }
}
