/** S3's requests of an upload in parts. */

import { s3Refusal, Refusal } from "../refusal";
import type { Body, Send } from "../send";
import type { Server, Signed } from "../server";

/** The address of an upload in parts. */
export interface Place {
  key: string;
  uploadId: string;
}

/** A part that S3 has. */
export interface Part {
  number: number;
  size: number;
  etag: string;
}

export class Multipart {
  readonly #server: Server;
  readonly #send: Send;

  constructor(server: Server, send: Send) {
    this.#server = server;
    this.#send = send;
  }

  async begin(signed: Signed): Promise<Place> {
    const { text } = await this.#send(signed);
    const uploadId = first(read(text), "UploadId");
    if (uploadId === "") throw new Refusal("broken", "S3 began an upload without an id.");
    return { key: signed.key, uploadId };
  }

  async part({ key, uploadId }: Place, number: number, content: Blob, options: Body): Promise<Part> {
    const { size } = content;
    const signed = await this.#server.sign({ method: "PUT", key, uploadId, partNumber: number, size });
    options.signal?.throwIfAborted();
    const { etag } = await this.#send(signed, { ...options, content });
    return { number, size, etag };
  }

  /** All parts; S3 lists a thousand at once. */
  async parts({ key, uploadId }: Place): Promise<Part[]> {
    const parts: Part[] = [];
    for (let after = 0; ; ) {
      const partNumberMarker = after > 0 ? { partNumberMarker: after } : {};
      const { text } = await this.#send(await this.#server.sign({ method: "GET", key, uploadId, ...partNumberMarker }));
      const list = read(text);
      for (const it of list.getElementsByTagName("Part")) {
        parts.push({ number: Number(first(it, "PartNumber")), size: Number(first(it, "Size")), etag: first(it, "ETag") });
      }
      const next = Number(first(list, "NextPartNumberMarker"));
      if (first(list, "IsTruncated") !== "true" || !(next > after)) return parts;
      after = next;
    }
  }

  /** `size` is the file's: S3 refuses parts with another size in sum. */
  async complete({ key, uploadId }: Place, parts: readonly Part[], size: number): Promise<void> {
    const signed = await this.#server.sign({ method: "POST", key, uploadId, size });
    const { text } = await this.#send(signed, { content: listed(parts) });
    // S3 may answer 200 before it knows the result, and put the error into the body.
    if (read(text).documentElement.localName === "Error") throw s3Refusal(500, text);
  }

  async abort({ key, uploadId }: Place): Promise<void> {
    await this.#send(await this.#server.sign({ method: "DELETE", key, uploadId }));
  }
}

function listed(parts: readonly Part[]): string {
  const document = new DOMParser().parseFromString("<CompleteMultipartUpload/>", "application/xml");
  const add = (to: Element, name: string, text = "") => {
    const element = to.appendChild(document.createElement(name));
    element.textContent = text;
    return element;
  };
  for (const { number, etag } of parts) {
    const part = add(document.documentElement, "Part");
    add(part, "PartNumber", String(number));
    add(part, "ETag", etag);
  }
  return new XMLSerializer().serializeToString(document);
}

function read(xml: string): XMLDocument {
  return new DOMParser().parseFromString(xml, "application/xml") as XMLDocument;
}

function first(of: Document | Element, name: string): string {
  return of.getElementsByTagName(name)[0]?.textContent ?? "";
}
