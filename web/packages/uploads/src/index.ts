/**
 * Uploads to a bucket with presigned URLs, and the files in it. `Endpoint` asks a stackctl endpoint, `Uploads` is the list
 * of files on their way, `Files` the list of a folder. None of them knows an interface: each has `subscribe`.
 */

export { Endpoint, type IdToken } from "./endpoint/endpoint";
export type { Folder, Limits, Link, Listing, Places, StoredFile, Verb } from "./endpoint/types";
export { Files, type FilesState } from "./files";
export { filesOf, hasFiles } from "./dropped";
export { pickFiles } from "./picker";
export type { Removal, Waiting } from "./removals";
export { Refusal, s3Refusal, type Kind } from "./refusal";
export type { Server, Signed, ToSign } from "./server";
export { Meter, summarize, type Summary } from "./summary";
export { Slots } from "./slots";
export { isRunning, mayRetry, Uploads, type State, type Upload } from "./uploads";
export type { Handle, Record as Unfinished } from "./parts/records";
