/** Uploads to a bucket with presigned URLs: whole, or in parts that survive a bad network and a closed page. */

export { pickFiles } from "./picker";
export { Refusal, s3Refusal, type Kind } from "./refusal";
export type { Server, Signed, ToSign } from "./server";
export { isRunning, Uploads, type State, type Upload } from "./uploads";
export type { Handle, Record as Unfinished } from "./records";
