// The same job as `GET /` of the presign function, as people write it for Node.js.
import { randomUUID } from "node:crypto";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";

// Without the setting a checksum of no bytes is signed into the URL.
const client = new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });

export async function handler(event) {
  const { sub } = event.requestContext.authorizer.claims;
  const command = new PutObjectCommand({
    Bucket: process.env.BUCKET_UPLOADS,
    Key: `uploads/${sub}/${randomUUID()}`,
  });
  const url = await getSignedUrl(client, command, { expiresIn: 10 });
  const headers = { "Content-Type": "application/json", "Cache-Control": "no-store", Vary: "Origin" };
  const { origin } = event.headers;
  if (event.stageVariables.CORS_ORIGINS.split(",").includes(origin)) {
    headers["Access-Control-Allow-Origin"] = origin;
  }
  return { statusCode: 200, headers, body: JSON.stringify(url) };
}
