/** The uploads in parts that are not finished, in IndexedDB: they outlive the page. */

/** A file that the browser may read again, after a click of the person at most. */
export interface Handle {
  getFile(): Promise<File>;
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

export interface Record {
  key: string;
  uploadId: string;
  /** The folder that the person chose; empty: the person's own. */
  folder?: string;
  /** The `sub` of the person. */
  owner: string;
  partSize: number;
  name: string;
  size: number;
  /** The file's modification time, in milliseconds since 1970. */
  modified: number;
  /** Bytes of the parts that S3 has. */
  sent: number;
  /** In milliseconds since 1970. */
  started: number;
  handle?: Handle;
}

/** Where records are kept. Without such a place, uploads end with the page. */
export interface Records {
  of(owner: string): Promise<Record[]>;
  put(record: Record): Promise<void>;
  delete(key: string): Promise<void>;
}

const NAME = "stackctl-uploads";
const STORE = "unfinished";

/** The browser's own database. Some browsers have none in a private window: then nothing is kept. */
export class BrowserRecords implements Records {
  #database: Promise<IDBDatabase> | undefined;

  async of(owner: string): Promise<Record[]> {
    const all = await this.#run<Record[]>("readonly", (store) => store.getAll()).catch(() => []);
    return all.filter((it) => it.owner === owner);
  }

  async put(record: Record): Promise<void> {
    const put = (it: Record) => this.#run("readwrite", (store) => store.put(it));
    // Not every browser can keep a handle.
    const { handle: _, ...rest } = record;
    await put(record).catch(() => put(rest)).catch(() => undefined);
  }

  async delete(key: string): Promise<void> {
    await this.#run("readwrite", (store) => store.delete(key)).catch(() => undefined);
  }

  async #run<T>(mode: IDBTransactionMode, action: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await (this.#database ??= open());
    return result(action(database.transaction(STORE, mode).objectStore(STORE)));
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE, { keyPath: "key" }));
  return result(request);
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}
