/** What the endpoint knows of folders and files. */

export type Verb = "put" | "get" | "list" | "delete" | "multipart";

/** A folder that the person may see or fill. */
export interface Folder {
  /** As in keys, with a `/` at its end; empty: the person's own, where the endpoint has no `GET /folders`. */
  path: string;
  verbs: readonly Verb[];
}

/** The limits of a new file. */
export interface Limits {
  /** In bytes. */
  maxBytes: number;
  /** Media types such as `image/*`; empty: any. */
  contentTypes: readonly string[];
}

export interface Places {
  folders: readonly Folder[];
  /** Undefined where the endpoint does not tell. */
  limits: Limits | undefined;
}

export interface StoredFile {
  key: string;
  /** The last part of the key. */
  name: string;
  /** In bytes. */
  size: number;
  changed: Date;
}

export interface Listing {
  files: StoredFile[];
  /** There are more files than were asked for. */
  isCut: boolean;
}

/** A URL that fetches or deletes a file, for everyone who has it. */
export interface Link {
  url: string;
  /** In milliseconds since 1970. */
  expiresAt: number;
}
