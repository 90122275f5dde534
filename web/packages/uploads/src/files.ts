/** The files of a folder: read from the bucket, with what was uploaded and removed since. */

import { nameOf } from "./endpoint/answers";
import type { Endpoint } from "./endpoint/endpoint";
import type { Folder, StoredFile, Verb } from "./endpoint/types";
import { Refusal } from "./refusal";
import { Slots } from "./slots";
import type { Uploads } from "./uploads";

export type FilesState =
  | { is: "looking" }
  /** The person may not list this folder. */
  | { is: "hidden" }
  /** `isWhole` is false while more is read, and where there are more than the endpoint was asked for. */
  | { is: "there"; files: readonly StoredFile[]; verbs: readonly Verb[]; isWhole: boolean; isReading: boolean }
  | { is: "failed"; why: Refusal };

/** What came of a removal. */
export interface Removal {
  removed: readonly StoredFile[];
  failed: readonly { file: StoredFile; why: Refusal }[];
}

const REMOVALS_AT_ONCE = 6;

export class Files {
  readonly #endpoint: Endpoint;
  #folder: Folder | undefined;
  #state: FilesState = { is: "looking" };
  #stop = new AbortController();
  /** Uploads that were seen as done. */
  readonly #seen = new Set<number>();
  /** Files that arrived in the folder since it was last read from its beginning. */
  #fresh: StoredFile[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(endpoint: Endpoint, uploads: Uploads) {
    this.#endpoint = endpoint;
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

  /** Forgets the files and the folder, as when the person signs out. */
  close(): void {
    this.#stop.abort();
    this.#folder = undefined;
    this.#fresh = [];
    this.#tell({ is: "looking" });
  }

  /** Removes files, several at a time. `progress` gets how many are done. */
  async remove(files: readonly StoredFile[], progress: (done: number) => void = () => {}): Promise<Removal> {
    const slots = new Slots(REMOVALS_AT_ONCE);
    const { signal } = new AbortController();
    const removed: StoredFile[] = [];
    const failed: { file: StoredFile; why: Refusal }[] = [];
    const one = async (file: StoredFile) => {
      try {
        await this.#endpoint.remove(file.key);
        removed.push(file);
      } catch (error) {
        failed.push({ file, why: error instanceof Refusal ? error : new Refusal("broken", String(error)) });
      }
      progress(removed.length + failed.length);
    };
    await Promise.all(files.map((file) => slots.take(() => one(file), signal)));
    const gone = new Set([...removed, ...failed.filter(({ why }) => why.kind === "not found").map(({ file }) => file)].map(({ key }) => key));
    this.#fresh = this.#fresh.filter(({ key }) => !gone.has(key));
    if (this.#state.is === "there") this.#tell({ ...this.#state, files: this.#state.files.filter(({ key }) => !gone.has(key)) });
    return { removed, failed };
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
    if (added.length === 0 || this.#state.is !== "there") return;
    this.#tell({ ...this.#state, files: merged(this.#fresh, this.#state.files) });
    // The verbs of a folder without any file are not known yet.
    if (this.#state.verbs.length === 0 && this.#folder) void this.open(this.#folder);
  }

  #tell(state: FilesState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** The fresh files first, each file once. */
function merged(fresh: readonly StoredFile[], files: readonly StoredFile[]): readonly StoredFile[] {
  const keys = new Set(fresh.map(({ key }) => key));
  return fresh.length > 0 ? [...fresh, ...files.filter(({ key }) => !keys.has(key))] : files;
}
