/** Uppy 5 with `/uploads` and `/sign`, as the README of lambda/presign has it. */

import AwsS3, { type AwsBody } from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { asker, fileOf, type Order, type Outcome } from "../clients/upload";

async function s3(url: string, request?: RequestInit): Promise<Document> {
  const answer = await fetch(url, request);
  const xml = new DOMParser().parseFromString(await answer.text(), "text/xml");
  const error = xml.querySelector("Error > Message");
  if (error || !answer.ok) throw new Error(error?.textContent ?? `S3 answered ${answer.status}`);
  return xml;
}

const textOf = (of: ParentNode, name: string) => of.querySelector(name)?.textContent ?? "";

export async function uppy5(order: Order): Promise<Outcome> {
  const ask = asker(order);
  const uppy = new Uppy<Record<string, never>, AwsBody>();
  uppy.use(AwsS3, {
    shouldUseMultipart: () => order.inParts,
    getUploadParameters: async ({ name, type, size }) => {
      const mode = order.asForm ? "post" : "put";
      const wanted = { filename: name, contentType: type || "application/octet-stream", size, mode };
      const { url, method, headers, fields } = await ask("/uploads", wanted);
      return method === "POST" ? { method: "POST", url, fields: fields ?? {} } : { method: "PUT", url, headers };
    },
    createMultipartUpload: async ({ name, type, size }) => {
      const wanted = { method: "POST", key: name, contentType: type || "application/octet-stream", size };
      const { url, key, headers } = await ask("/sign", wanted);
      return { key, uploadId: textOf(await s3(url, { method: "POST", headers }), "UploadId") };
    },
    signPart: async (_, { key, uploadId, partNumber, body }) => {
      const size = (body as Blob).size;
      const { url, headers } = await ask("/sign", { method: "PUT", key, uploadId, partNumber, size });
      return { url, headers };
    },
    listParts: async (_, { key, uploadId }) => {
      const parts: { PartNumber: number; Size: number; ETag: string }[] = [];
      for (;;) {
        const partNumberMarker = parts.at(-1)?.PartNumber ?? 0;
        const { url } = await ask("/sign", { method: "GET", key, uploadId, partNumberMarker });
        const xml = await s3(url);
        for (const part of xml.querySelectorAll("Part")) {
          parts.push({ PartNumber: Number(textOf(part, "PartNumber")), Size: Number(textOf(part, "Size")), ETag: textOf(part, "ETag") });
        }
        if (textOf(xml, "IsTruncated") !== "true") return parts;
      }
    },
    completeMultipartUpload: async (file, { key, uploadId, parts }) => {
      const { url, headers } = await ask("/sign", { method: "POST", key, uploadId, size: file.size });
      const list = parts.map((it) => `<Part><PartNumber>${it.PartNumber}</PartNumber><ETag>${it.ETag}</ETag></Part>`);
      const body = `<CompleteMultipartUpload>${list.join("")}</CompleteMultipartUpload>`;
      const xml = await s3(url, { method: "POST", headers: { ...headers, "Content-Type": "application/xml" }, body });
      return { location: textOf(xml, "Location"), key };
    },
    abortMultipartUpload: async (_, { key, uploadId }) => {
      const { url } = await ask("/sign", { method: "DELETE", key, uploadId });
      await s3(url, { method: "DELETE" });
    },
  });
  uppy.addFile(fileOf(order));
  const result = await uppy.upload();
  return {
    failed: result?.failed?.map((file) => String(file.error)) ?? [],
    uploaded: result?.successful?.map((file) => ({ ...file.response?.body })) ?? [],
  };
}
