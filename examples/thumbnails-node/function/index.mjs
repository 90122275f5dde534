import { S3 } from "./s3.mjs";
import { handle } from "./thumbnails.mjs";

const s3 = new S3(process.env);

export const handler = (event) => handle(event, s3);
