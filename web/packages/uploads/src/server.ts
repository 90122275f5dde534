/** What the uploads need of the presign endpoint. */

/** A request to S3 that the endpoint signed. */
export interface Signed {
  url: string;
  method: string;
  headers: Record<string, string>;
  key: string;
  /** In milliseconds since 1970. */
  expiresAt: number;
}

/** A request for `POST /sign` about an upload in parts that was begun. */
export interface ToSign {
  method: "PUT" | "GET" | "POST" | "DELETE";
  key: string;
  uploadId: string;
  partNumber?: number;
  partNumberMarker?: number;
  size?: number;
}

/** The endpoint. Each function throws a `Refusal`. */
export interface Server {
  /** A URL for the whole file, in a folder such as `shared/team-a/`; empty: the person's own. */
  ticket(file: File, folder: string): Promise<Signed>;
  /** The request that begins an upload in parts; undefined where the stack does not allow it. */
  begin(file: File, folder: string): Promise<Signed | undefined>;
  sign(request: ToSign): Promise<Signed>;
  /** Whether the person has an object under this key; undefined where the stack does not tell. */
  has(key: string): Promise<boolean | undefined>;
}
