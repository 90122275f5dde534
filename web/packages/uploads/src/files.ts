/** The files of a folder: read from the bucket, with what was uploaded and removed since. */

import { nameOf } from "./endpoint/answers";
import type { Endpoint } from "./endpoint/endpoint";
import type { Folder, StoredFile, Verb } from "./endpoint/types";
import { Refusal } from "./refusal";
import { Removals, type Removal, type Waiting } from "./removals";
import type { Uploads } from "./uploads";

export type FilesState =
  | { is: "looking" }
  /** The person may not list this folder. */
  | { is: "hidden" }
  /** `isWhole` is false while more is read, and where there are more than the endpoint was asked for. */
  | { is: "there"; files: readonly StoredFile[]; verbs: readonly Verb[]; isWhole: boolean; isReading: boolean }
  | { is: "failed"; why: Refusal };

export class Files {
  readonly #endpoint: Endpoint;
  #folder: Folder | undefined;
  /** With the files whose deletion waits. */
  #whole: FilesState = { is: "looking" };
  #state: FilesState = this.#whole;
  readonly #removals: Removals;
  #stop = new AbortController();
  /** Uploads that were seen as done. */
  readonly #seen = new Set<number>();
  /** Files that arrived in the folder since it was last read from its beginning. */
  #fresh: StoredFile[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(endpoint: Endpoint, uploads: Uploads) {
    this.#endpoint = endpoint;
    this.#removals = new Removals(endpoint, (gone) => this.#without(gone));
    uploads.subscribe(() => this.#arrived(uploads));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): FilesState => this.#state;

  /** Shows a folder. Reads it, too, when it is shown already. */
  async open(folder: Folder): Promise<void> {
    this.#stop.abort();
    const stop = (this.#stop = new AbortController());
    const isOther = folder.path !== this.#folder?.path;
    this.#folder = folder;
    this.#fresh = [];
    if (folder.verbs.length > 0 && !folder.verbs.includes("list")) return this.#tell({ is: "hidden" });
    if (isOther || this.#state.is !== "there") this.#tell({ is: "looking" });
    const set = (state: FilesState) => {
      if (stop.signal.aborted) return;
      this.#tell(state.is === "there" ? { ...state, files: merged(this.#fresh, state.files) } : state);
    };
    try {
      const soFar = (files: readonly StoredFile[]) => set({ is: "there", files, verbs: folder.verbs, isWhole: false, isReading: true });
      const listing = await this.#endpoint.list(folder.path, { signal: stop.signal, soFar });
      if (!listing) return set({ is: "hidden" });
      const { files, isCut } = listing;
      const [first] = files;
      const verbs = folder.verbs.length > 0 || !first ? folder.verbs : await this.#endpoint.verbsOf(first);
      set({ is: "there", files, verbs, isWhole: !isCut, isReading: false });
    } catch (error) {
      set({ is: "failed", why: error instanceof Refusal ? error : new Refusal("broken", String(error)) });
    }
  }

  /** Forgets the files and the folder, as when the person signs out. Sends the deletions that wait. */
  close(): void {
    void this.sendWaiting();
    this.#stop.abort();
    this.#folder = undefined;
    this.#fresh = [];
    this.#tell({ is: "looking" });
  }

  /** Deletes files at once, several at a time. `progress` gets how many are done. */
  remove(files: readonly StoredFile[], progress: (done: number) => void = () => {}): Promise<Removal> {
    return this.#removals.now(files, progress);
  }

  /** Hides files, and deletes them when its `send` is called, or the page is left before that. */
  removeLater(files: readonly StoredFile[]): Waiting {
    return this.#removals.later(files);
  }

  /** Deletes what still waits, as before signing out. */
  sendWaiting(): Promise<void> {
    return this.#removals.sendAll();
  }

  /** Leaves files out that are gone. */
  #without(gone: ReadonlySet<string>): void {
    this.#fresh = this.#fresh.filter(({ key }) => !gone.has(key));
    const whole = this.#whole;
    this.#tell(whole.is === "there" ? { ...whole, files: whole.files.filter(({ key }) => !gone.has(key)) } : whole);
  }

  /** Adds the files of uploads that arrived, so that the folder need not be read again. */
  #arrived(uploads: Uploads): void {
    const added: StoredFile[] = [];
    for (const { id, file, folder, state } of uploads.all()) {
      if (state.is !== "done" || this.#seen.has(id)) continue;
      this.#seen.add(id);
      const isHere = folder === this.#folder?.path || (this.#folder?.path && state.key.startsWith(this.#folder.path));
      if (isHere) added.push({ key: state.key, name: nameOf(state.key), size: file.size, changed: state.at });
    }
    this.#fresh.unshift(...added.reverse());
    if (added.length === 0 || this.#whole.is !== "there") return;
    this.#tell({ ...this.#whole, files: merged(this.#fresh, this.#whole.files) });
    // The verbs of a folder without any file are not known yet.
    if (this.#whole.verbs.length === 0 && this.#folder) void this.open(this.#folder);
  }

  #tell(whole: FilesState): void {
    this.#whole = whole;
    const shown = whole.is === "there" ? whole.files.filter(({ key }) => !this.#removals.hides(key)) : [];
    this.#state = whole.is === "there" && shown.length < whole.files.length ? { ...whole, files: shown } : whole;
    for (const listener of this.#listeners) listener();
  }
}

/** The fresh files first, each file once. */
function merged(fresh: readonly StoredFile[], files: readonly StoredFile[]): readonly StoredFile[] {
  const keys = new Set(fresh.map(({ key }) => key));
  return fresh.length > 0 ? [...fresh, ...files.filter(({ key }) => !keys.has(key))] : files;
}
