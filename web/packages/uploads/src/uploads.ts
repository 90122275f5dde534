/** The files on their way to the bucket: a list that outlives what shows it, so that signing in again loses nothing. */

import { claim, claimed } from "./parts/claims";
import { Multipart } from "./parts/multipart";
import { BrowserRecords, type Handle, type Record, type Records } from "./parts/records";
import { Refusal } from "./refusal";
import { PATIENCE, type Patience } from "./retry";
import { assertReadable, send, type Send } from "./send";
import type { Server, Signed } from "./server";
import { Slots } from "./slots";
import { IN_PARTS_FROM, sendInParts, type Begun } from "./parts/transfer";

export type State =
  | { is: "waiting" }
  | { is: "asking" }
  /** `waits`: the network does not answer. Only an upload in parts can pause while it is being sent. */
  | { is: "sending"; sent: number; inParts: boolean; waits: boolean }
  | { is: "paused"; sent: number }
  | { is: "done"; key: string; at: Date }
  | { is: "cancelled" }
  | { is: "failed"; why: Refusal };

export interface Upload {
  /** Later uploads have greater ones. */
  id: number;
  file: File;
  /** As in `Folder`; empty: the person's own. */
  folder: string;
  state: State;
}

/** What a test replaces. */
export interface Surroundings {
  records: Records;
  send: Send;
  patience: Patience;
}

// More at once only make each slower, and their URLs older.
const FILES_AT_ONCE = 3;
// Of all files: a browser opens six connections to a bucket.
const PARTS_AT_ONCE = 4;
// A URL that ends sooner than this is not worth beginning with, in milliseconds.
const MARGIN = 2_000;

/** What is kept of an upload from one attempt to the next. */
interface Job {
  stop: AbortController;
  ended: Promise<void>;
  ticket?: Signed & { wasSent?: boolean };
  begun?: Begun;
  record?: Record;
  release?: () => void;
}

export class Uploads {
  readonly #server: Server;
  readonly #records: Records;
  readonly #send: Send;
  readonly #patience: Patience;
  readonly #multipart: Multipart;
  readonly #slots = new Slots(PARTS_AT_ONCE);
  #owner = "";
  #all: readonly Upload[] = [];
  #unfinished: readonly Record[] = [];
  #next = 0;
  readonly #jobs = new Map<number, Job>();
  readonly #listeners = new Set<() => void>();

  constructor(server: Server, surroundings: Partial<Surroundings> = {}) {
    this.#server = server;
    this.#records = surroundings.records ?? new BrowserRecords();
    this.#send = surroundings.send ?? send;
    this.#patience = surroundings.patience ?? PATIENCE;
    this.#multipart = new Multipart(server, this.#send);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly all = (): readonly Upload[] => this.#all;

  /** The person's uploads of earlier pages that no tab sends. */
  readonly unfinished = (): readonly Record[] => this.#unfinished;

  get isBusy(): boolean {
    return this.#all.some(({ state }) => isRunning(state) || state.is === "waiting");
  }

  /** Who uploads from now on, by `sub`; reads what that person left unfinished. */
  async signedIn(owner: string): Promise<void> {
    if (this.#owner !== owner) this.clear();
    this.#owner = owner;
    const [records, taken] = await Promise.all([this.#records.of(owner), claimed()]);
    const isOurs = ({ key }: Record) => [...this.#jobs.values()].some(({ begun }) => begun?.key === key);
    if (this.#owner !== owner) return;
    this.#unfinished = records.filter((it) => !taken.has(it.key) && !isOurs(it)).sort((one, other) => one.started - other.started);
    this.#tell(this.#all);
  }

  /** Uploads files into a folder. A file whose upload is unfinished there takes that up. */
  add(files: readonly File[], folder = ""): void {
    const fresh = [];
    for (const file of files) {
      const record = this.#unfinished.find((it) => isSame(it, file) && (it.folder ?? "") === folder);
      if (record) void this.#takeUp(record, file).catch(() => this.#start([file], folder));
      else fresh.push(file);
    }
    if (fresh.length > 0) this.#start(fresh, folder);
  }

  /** Takes up an unfinished upload with `file`, or with the handle that was kept. Throws a `Refusal`. */
  async takeUp(record: Record, file?: File): Promise<void> {
    const found = file ?? (await fileOf(record.handle));
    if (!isSame(record, found)) throw new Refusal("another file");
    await this.#takeUp(record, found);
  }

  /** Throws the parts of an unfinished upload away. */
  async discard(record: Record): Promise<void> {
    const release = await claim(record.key);
    if (!release) throw new Refusal("elsewhere");
    this.#forget(record);
    void this.#abort(record).then(release);
  }

  /** Those that are sent in parts, and those that wait; a file that is sent as a whole goes on. */
  pause(...ids: readonly number[]): void {
    const paused = this.#change(ids, ({ state }) => {
      if (state.is === "waiting") return { is: "paused", sent: 0 };
      return state.is === "sending" && state.inParts ? { is: "paused", sent: state.sent } : undefined;
    });
    for (const { id } of paused) this.#jobs.get(id)?.stop.abort();
    this.#startMore();
  }

  /** After a pause. */
  resume(...ids: readonly number[]): void {
    this.#change(ids, ({ state }) => (state.is === "paused" ? { is: "waiting" } : undefined));
    this.#startMore();
  }

  cancel(...ids: readonly number[]): void {
    const isOver = ({ is }: State) => is === "done" || is === "failed" || is === "cancelled";
    const cancelled = this.#change(ids, ({ state }) => (isOver(state) ? undefined : { is: "cancelled" }));
    for (const { id } of cancelled) this.#drop(id);
    this.#startMore();
  }

  /** Those that failed or were cancelled, or are paused. */
  retry(...ids: readonly number[]): void {
    this.#change(ids, ({ state }) => (state.is === "done" || isRunning(state) ? undefined : { is: "waiting" }));
    this.#startMore();
  }

  /** Takes uploads off the list; those on their way are cancelled. */
  dismiss(...ids: readonly number[]): void {
    const gone = new Set(ids);
    for (const id of ids) this.#drop(id);
    this.#tell(this.#all.filter((it) => !gone.has(it.id)));
    this.#startMore();
  }

  /** Stops everything and forgets the person; what S3 has of the person's files stays for the next sign-in. */
  clear(): void {
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    this.#owner = "";
    this.#unfinished = [];
    this.#tell([]);
    for (const job of jobs) {
      job.stop.abort();
      void job.ended.then(() => job.release?.());
    }
  }

  #start(files: readonly File[], folder: string, job?: Job): void {
    const state: State = { is: "waiting" };
    const added = files.map((file) => ({ id: this.#next++, file, folder, state }));
    if (job && added[0]) this.#jobs.set(added[0].id, job);
    this.#tell([...this.#all, ...added]);
    this.#startMore();
  }

  async #takeUp(record: Record, file: File): Promise<void> {
    const release = await claim(record.key);
    if (!release) throw new Refusal("elsewhere");
    if (!this.#unfinished.includes(record)) {
      release();
      throw new Refusal("elsewhere");
    }
    const { key, uploadId, partSize } = record;
    this.#unfinished = this.#unfinished.filter((it) => it !== record);
    const begun = { key, uploadId, partSize, sent: record.sent };
    this.#start([file], record.folder ?? "", { stop: new AbortController(), ended: Promise.resolve(), begun, record, release });
  }

  #startMore(): void {
    const running = this.#all.filter(({ state }) => isRunning(state)).length;
    const waiting = this.#all.filter(({ state }) => state.is === "waiting");
    for (const upload of waiting.slice(0, Math.max(0, FILES_AT_ONCE - running))) {
      const old = this.#jobs.get(upload.id);
      const job = old ?? { stop: new AbortController(), ended: Promise.resolve() };
      job.stop = new AbortController();
      this.#jobs.set(upload.id, job);
      this.#set(upload.id, { is: "asking" });
      job.ended = job.ended.then(() => this.#run(upload, job, job.stop.signal));
    }
  }

  async #run({ id, file, folder }: Upload, job: Job, signal: AbortSignal): Promise<void> {
    // Paused, cancelled or retried since: the outcome of this attempt does not count.
    const set = (state: State) => {
      if (!signal.aborted) this.#set(id, state);
    };
    // It arrived although it was paused.
    if (this.#jobs.get(id) !== job) return;
    try {
      signal.throwIfAborted();
      await assertReadable(file);
      const inParts = file.size >= IN_PARTS_FROM ? await this.#sendInParts(file, folder, job, signal, set) : undefined;
      const key = inParts ?? (await this.#sendWhole(file, folder, job, signal, set));
      // A file that arrived is there, also when a pause or a lost person came at the same time.
      if (this.#jobs.get(id) === job) {
        this.#jobs.delete(id);
        this.#set(id, { is: "done", key, at: new Date() });
      }
      job.release?.();
    } catch (error) {
      const why = error instanceof Refusal ? error : new Refusal("broken", String(error));
      if (why.kind !== "unreachable" && why.kind !== "busy") delete job.ticket;
      set({ is: "failed", why });
    } finally {
      this.#startMore();
    }
  }

  /** Returns the key. */
  async #sendWhole(file: File, folder: string, job: Job, signal: AbortSignal, set: (state: State) => void): Promise<string> {
    // The URL from before while it works, so that a lost answer does not store a file twice; else a new one.
    if (!job.ticket || job.ticket.expiresAt < Date.now() + MARGIN) job.ticket = await this.#server.ticket(file, folder);
    signal.throwIfAborted();
    const { key, wasSent } = job.ticket;
    job.ticket.wasSent = true;
    const progress = (sent: number) => set({ is: "sending", sent, inParts: false, waits: false });
    progress(0);
    try {
      await this.#send(job.ticket, { content: file, signal, progress });
    } catch (error) {
      // A URL takes one file alone: when it has one, that is the file of the first attempt.
      if (!(wasSent && error instanceof Refusal && error.kind === "there already")) throw error;
    }
    return key;
  }

  #sendInParts(file: File, folder: string, job: Job, signal: AbortSignal, set: (state: State) => void): Promise<string | undefined> {
    const owner = this.#owner;
    const remember = async (begun: Begun | undefined) => {
      if (begun && begun !== job.begun) {
        job.begun = begun;
        job.record ??= recordOf(file, folder, begun, owner);
        job.release ??= await claim(begun.key);
      }
      if (begun && job.record) {
        const sent = [...(begun.parts?.values() ?? [])].reduce((sum, { size }) => sum + size, 0);
        job.record = { ...job.record, sent };
        await this.#records.put(job.record);
      } else if (job.begun) {
        await this.#records.delete(job.begun.key);
        delete job.begun;
        delete job.record;
        job.release?.();
        delete job.release;
      }
    };
    const progress = (sent: number, waits: boolean) => set({ is: "sending", sent, inParts: true, waits });
    return sendInParts(file, job.begun, {
      server: this.#server, folder, multipart: this.#multipart, slots: this.#slots, patience: this.#patience, signal, progress, remember,
    });
  }

  /** Stops an upload for good, and throws away what S3 has of it. */
  #drop(id: number): void {
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    job?.stop.abort();
    void job?.ended.then(async () => {
      if (job.begun) {
        await this.#records.delete(job.begun.key);
        await this.#abort(job.begun);
      }
      job.release?.();
    });
  }

  #forget(record: Record): void {
    this.#unfinished = this.#unfinished.filter((it) => it !== record);
    this.#tell(this.#all);
    void this.#records.delete(record.key);
  }

  /** Without a network the bucket's own rule throws the parts away, after some days. */
  #abort(place: { key: string; uploadId: string }): Promise<void> {
    return this.#multipart.abort(place).catch(() => undefined);
  }

  #set(id: number, state: State): void {
    this.#change([id], () => state);
  }

  /** Gives uploads another state, where `to` has one for them. Returns those that it changed. */
  #change(ids: readonly number[], to: (upload: Upload) => State | undefined): readonly Upload[] {
    const wanted = new Set(ids);
    const changed: Upload[] = [];
    const all = this.#all.map((it) => {
      const state = wanted.has(it.id) ? to(it) : undefined;
      if (!state) return it;
      changed.push(it);
      return { ...it, state };
    });
    if (changed.length > 0) this.#tell(all);
    return changed;
  }

  #tell(all: readonly Upload[]): void {
    this.#all = all;
    for (const listener of this.#listeners) listener();
  }
}

export function isRunning(state: State): boolean {
  return state.is === "asking" || state.is === "sending";
}

/** A file that was refused for its size or type would be refused again. */
export function mayRetry({ state }: Upload): boolean {
  return state.is === "failed" && state.why.kind !== "too large" && state.why.kind !== "type" && state.why.kind !== "not allowed";
}

function isSame(record: Record, file: File): boolean {
  return record.name === file.name && record.size === file.size && record.modified === file.lastModified;
}

function recordOf(file: File & { handle?: Handle }, folder: string, { key, uploadId, partSize }: Begun, owner: string): Record {
  const { name, size, lastModified: modified, handle } = file;
  const record = { key, uploadId, folder, owner, partSize, name, size, modified, sent: 0, started: Date.now() };
  return handle ? { ...record, handle } : record;
}

/** The file of a handle, after the browser asked the person. Throws a `Refusal`. */
async function fileOf(handle: Handle | undefined): Promise<File> {
  try {
    const permission = await handle?.requestPermission?.({ mode: "read" });
    if (handle && permission !== "denied") return Object.assign(await handle.getFile(), { handle });
  } catch {
    // It was moved, or the browser no longer knows it.
  }
  throw new Refusal("unreadable");
}
