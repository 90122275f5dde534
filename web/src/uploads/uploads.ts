/** The files on their way to the bucket: a list that outlives what shows it, so that signing in again loses nothing. */

import { Refusal, s3Refusal, type Endpoint, type Ticket } from "./endpoint";

export type State =
  | { is: "waiting" }
  | { is: "asking" }
  | { is: "sending"; sent: number }
  | { is: "done" }
  | { is: "cancelled" }
  | { is: "failed"; why: Refusal };

export interface Upload {
  id: number;
  file: File;
  state: State;
}

// More at once only make each slower, and their URLs older.
const AT_ONCE = 3;
// A URL that ends sooner than this is not worth beginning with.
const MARGIN = 2_000;

export class Uploads {
  readonly #endpoint: Endpoint;
  #all: readonly Upload[] = [];
  #next = 0;
  readonly #tickets = new Map<number, Ticket>();
  readonly #stops = new Map<number, () => void>();
  readonly #listeners = new Set<() => void>();

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly all = (): readonly Upload[] => this.#all;

  get isBusy(): boolean {
    return this.#all.some(({ state }) => isRunning(state) || state.is === "waiting");
  }

  add(files: readonly File[]): void {
    const added = files.map((file): Upload => ({ id: this.#next++, file, state: { is: "waiting" } }));
    this.#tell([...this.#all, ...added]);
    this.#startMore();
  }

  cancel(id: number): void {
    this.#set(id, { is: "cancelled" });
    this.#stops.get(id)?.();
    this.#startMore();
  }

  retry(id: number): void {
    this.#set(id, { is: "waiting" });
    this.#startMore();
  }

  dismiss(id: number): void {
    this.#tickets.delete(id);
    this.#tell(this.#all.filter((it) => it.id !== id));
  }

  /** Everything is stopped and forgotten. */
  clear(): void {
    const stops = [...this.#stops.values()];
    this.#tickets.clear();
    this.#tell([]);
    for (const stop of stops) stop();
  }

  #startMore(): void {
    const running = this.#all.filter(({ state }) => isRunning(state)).length;
    const waiting = this.#all.filter(({ state }) => state.is === "waiting");
    for (const upload of waiting.slice(0, Math.max(0, AT_ONCE - running))) void this.#run(upload);
  }

  async #run({ id, file }: Upload): Promise<void> {
    this.#set(id, { is: "asking" });
    const stop = new AbortController();
    const stopThis = () => stop.abort();
    this.#stops.set(id, stopThis);
    // Cancelled and retried since: the outcome of this attempt does not count.
    const isCurrent = () => this.#stops.get(id) === stopThis && !stop.signal.aborted;
    try {
      await assertReadable(file);
      const ticket = await this.#ticketFor(id, file);
      if (!isCurrent()) return;
      this.#set(id, { is: "sending", sent: 0 });
      await send(file, ticket, stop.signal, (sent) => isCurrent() && this.#set(id, { is: "sending", sent }));
      if (isCurrent()) this.#finish(id, { is: "done" });
    } catch (error) {
      if (!isCurrent()) return;
      const why = error instanceof Refusal ? error : new Refusal("broken", String(error));
      if (why.kind !== "unreachable" && why.kind !== "busy") this.#tickets.delete(id);
      this.#finish(id, { is: "failed", why });
    } finally {
      if (this.#stops.get(id) === stopThis) this.#stops.delete(id);
      this.#startMore();
    }
  }

  /** The URL from before while it works, so that a lost answer does not store a file twice; else a new one. */
  async #ticketFor(id: number, file: File): Promise<Ticket> {
    const old = this.#tickets.get(id);
    if (old && old.expiresAt > Date.now() + MARGIN) return old;
    const ticket = await this.#endpoint.ticket(file);
    this.#tickets.set(id, ticket);
    return ticket;
  }

  #finish(id: number, state: State): void {
    if (state.is === "done") this.#tickets.delete(id);
    this.#set(id, state);
  }

  #set(id: number, state: State): void {
    this.#tell(this.#all.map((it) => (it.id === id ? { ...it, state } : it)));
  }

  #tell(all: readonly Upload[]): void {
    this.#all = all;
    for (const listener of this.#listeners) listener();
  }
}

export function isRunning(state: State): boolean {
  return state.is === "asking" || state.is === "sending";
}

async function assertReadable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Refusal("unreadable");
  }
}

/** Names that only the browser may set; it sets them right. */
const OWN_OF_BROWSER = /^(host|content-length|connection|date|origin|referer|accept-encoding)$/i;

/** `fetch` can't tell how much was sent; XMLHttpRequest can. */
function send(file: File, ticket: Ticket, stop: AbortSignal, tell: (sent: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    // A URL takes one file alone: when it has one, that is the file of the first try.
    const { wasSent = false } = ticket;
    ticket.wasSent = true;
    stop.addEventListener("abort", abort);
    request.upload.addEventListener("progress", ({ loaded }) => tell(loaded));
    request.addEventListener("load", () => {
      const isThere = wasSent && request.status === 412;
      if ((request.status >= 200 && request.status < 300) || isThere) resolve();
      else reject(s3Refusal(request.status, request.responseText));
    });
    request.addEventListener("error", () => void whyNoAnswer(file, ticket).then(reject));
    request.addEventListener("abort", () => reject(new Refusal("refused", "cancelled")));
    request.addEventListener("loadend", () => stop.removeEventListener("abort", abort));
    request.open(ticket.method, ticket.url);
    for (const [name, value] of Object.entries(ticket.headers)) {
      if (!OWN_OF_BROWSER.test(name)) request.setRequestHeader(name, value);
    }
    request.send(file);
  });
}

/** A browser keeps to itself why there was no answer; what is known besides often tells. */
async function whyNoAnswer(file: File, ticket: Ticket): Promise<Refusal> {
  try {
    await assertReadable(file);
  } catch (error) {
    return error as Refusal;
  }
  const isLate = navigator.onLine && Date.now() > ticket.expiresAt;
  return new Refusal(isLate ? "expired" : "unreachable");
}
