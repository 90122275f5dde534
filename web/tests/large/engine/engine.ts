/** The uploads without the page and without a cloud, against an S3 of the tests' own that fails on request. */

import { Meter, Refusal, s3Refusal, summarize, Uploads, type Server, type Signed, type Upload } from "@stackctl/uploads";
import type { Record, Records } from "../../../packages/uploads/src/parts/records";
import type { Answer, Body } from "../../../packages/uploads/src/send";
import { partSizeOf } from "../../../packages/uploads/src/parts/transfer";

/** What the S3 answers instead: one of these for each request that matches, in turn. */
interface Fault {
  /** As in `log`: the operation, and the part's number. */
  at: string;
  status?: number;
  code?: string;
  message?: string;
  /** No answer at all. */
  isLost?: boolean;
  /** The request is done, and its answer is replaced. */
  isDone?: boolean;
}

const MB = 1024 * 1024;

/** Keys are unique in the browser, as S3's are: a tab claims an upload by its key. */
let next = 0;

class FakeS3 implements Server {
  readonly log: string[] = [];
  readonly objects = new Map<string, number>();
  readonly uploads = new Map<string, Map<number, number>>();
  faults: Fault[] = [];
  isInParts = true;
  mayTell = true;
  mostAtOnce = 0;
  #now = 0;

  async ticket(file: File, folder: string): Promise<Signed> {
    return this.#signed("PUT", `${folder}whole-${file.name}`, `/${folder}whole-${file.name}`);
  }

  async begin(file: File, folder: string): Promise<Signed | undefined> {
    const key = `${folder}${next++}-${file.name}`;
    return this.isInParts ? this.#signed("POST", key, `/${key}?uploads=`) : undefined;
  }

  async sign({ method, key, uploadId, partNumber, partNumberMarker = 0 }: Parameters<Server["sign"]>[0]): Promise<Signed> {
    return this.#signed(method, key, `/${key}?uploadId=${uploadId}&partNumber=${partNumber ?? 0}&part-number-marker=${partNumberMarker}`);
  }

  async has(key: string): Promise<boolean | undefined> {
    this.log.push("has");
    return this.mayTell ? this.objects.has(key) : undefined;
  }

  readonly send = async (signed: Signed, { content, signal, progress }: Body = {}): Promise<Answer> => {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#now);
    try {
      const url = new URL(signed.url);
      const [name, act] = this.#operation(signed, url, content);
      this.log.push(name);
      progress?.(((content as Blob | undefined)?.size ?? 0) / 2);
      await new Promise((done) => setTimeout(done, 1));
      signal?.throwIfAborted();
      const fault = this.faults.find(({ at }) => at === name);
      this.faults = this.faults.filter((it) => it !== fault);
      const answer = !fault || fault.isDone ? act() : undefined;
      if (fault?.isLost) throw new Refusal("unreachable");
      if (fault) {
        const { status = 500, code = "InternalError", message = "" } = fault;
        const text = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
        if (status >= 300) throw s3Refusal(status, text);
        return { text, etag: "" };
      }
      if (typeof answer === "number") throw s3Refusal(answer, `<Error><Code>${answer === 404 ? "NoSuchUpload" : "PreconditionFailed"}</Code></Error>`);
      return answer ?? { text: "", etag: "" };
    } finally {
      this.#now -= 1;
    }
  };

  #signed(method: string, key: string, path: string): Signed {
    return { method, key, url: `https://bucket.example${path}`, headers: {}, expiresAt: Date.now() + 60_000 };
  }

  /** The name in the log, and what the request does; a status where it is refused. */
  #operation({ method, key }: Signed, url: URL, content: Blob | string | undefined): [string, () => Answer | number] {
    const query = url.searchParams;
    const id = query.get("uploadId") ?? "";
    const number = Number(query.get("partNumber"));
    const parts = () => this.uploads.get(id);
    const plain = (text = "", etag = ""): Answer => ({ text, etag });
    if (query.has("uploads")) {
      return ["create", () => {
        const made = `id-${next++}`;
        this.uploads.set(made, new Map());
        return plain(`<R><UploadId>${made}</UploadId></R>`);
      }];
    }
    if (method === "PUT" && number > 0) {
      return [`part ${number}`, () => (parts()?.set(number, (content as Blob).size) ? plain("", `"etag-${number}"`) : 404)];
    }
    if (method === "PUT") return ["whole", () => (this.objects.set(key, (content as Blob).size), plain())];
    if (method === "GET") {
      const after = Number(query.get("part-number-marker"));
      return [`list ${after}`, () => {
        const all = [...(parts() ?? [])].sort(([one], [other]) => one - other).filter(([it]) => it > after);
        const page = all.slice(0, 1000);
        const xml = page.map(([it, size]) => `<Part><PartNumber>${it}</PartNumber><ETag>&quot;etag-${it}&quot;</ETag><Size>${size}</Size></Part>`);
        return parts() ? plain(`<R><IsTruncated>${all.length > 1000}</IsTruncated><NextPartNumberMarker>${page.at(-1)?.[0] ?? 0}</NextPartNumberMarker>${xml.join("")}</R>`) : 404;
      }];
    }
    if (method === "DELETE") return ["abort", () => (this.uploads.delete(id) ? plain() : 404)];
    return ["complete", () => {
      if (!parts()) return 404;
      if (this.objects.has(key)) return 412;
      const listed = [...new DOMParser().parseFromString(content as string, "application/xml").getElementsByTagName("Part")];
      const wanted = [...(parts() ?? [])].sort(([one], [other]) => one - other).map(([it]) => `${it}"etag-${it}"`);
      if (listed.map((it) => it.textContent).join() !== wanted.join()) return 404;
      this.objects.set(key, [...(parts()?.values() ?? [])].reduce((sum, size) => sum + size, 0));
      this.uploads.delete(id);
      return plain("<CompleteMultipartUploadResult/>");
    }];
  }
}

class Kept implements Records {
  readonly all = new Map<string, Record>();
  of = async (owner: string) => [...this.all.values()].filter((it) => it.owner === owner);
  put = async (record: Record) => void this.all.set(record.key, record);
  delete = async (key: string) => void this.all.delete(key);
}

const patience = { attempts: 4, first: 1, longest: 5 };

/** A file of this size, which takes no memory. */
function fileOf(name: string, size: number): File {
  const megabyte = new Blob([new Uint8Array(MB)]);
  const whole = Array.from({ length: Math.floor(size / MB) }, () => megabyte);
  return new File([...whole, new Uint8Array(size % MB)], name, { lastModified: 1 });
}

/** Uploads with an S3 and records; a second one with the same is the page after a reload. */
async function begin(owner = "ada", s3 = new FakeS3(), records = new Kept()) {
  const uploads = new Uploads(s3, { send: s3.send, records, patience });
  await uploads.signedIn(owner);
  /** The first upload, when `is` says so of it. */
  const until = (is: (upload: Upload) => boolean) =>
    new Promise<Upload>((resolve) => {
      const look = () => {
        const found = uploads.all().find(is);
        if (found) resolve(found);
      };
      uploads.subscribe(look);
      look();
    });
  const ended = () => until(({ state }) => state.is === "done" || state.is === "failed");
  return { uploads, s3, records, until, ended };
}

Object.assign(window, { engine: { begin, fileOf, Meter, partSizeOf, summarize } });
