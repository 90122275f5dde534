/**
 * Small pictures of images: those that a function of the stack made, where the person may read them, else those that the
 * browser makes of the images. A few are fetched at a time, and kept while the page is open.
 */

import { Slots, type Endpoint, type Folder, type StoredFile } from "@stackctl/uploads";

/** The picture of `uploads/REST` is `thumbnails/REST.jpg`, as examples/thumbnails of stackctl has it. */
const IMAGES = "uploads/";
export const PICTURES = "thumbnails/";

/** Pixels; a tile is half as wide on a screen of double density. */
const SIZE = 96;
const MOST_KEPT = 400;
/** Larger images are not fetched for a thumbnail, in bytes. */
const MOST_BYTES = 4 * 1024 * 1024;
/** A row that only scrolls by fetches nothing, in milliseconds. */
const PATIENCE = 150;

export class Thumbnails {
  readonly #endpoint: Endpoint;
  /** The oldest first; undefined for what is no image. */
  readonly #kept = new Map<string, ImageBitmap | undefined>();
  readonly #slots = new Slots(3);
  #made: readonly string[] = [];

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** The folders of the person: pictures are read from those below `thumbnails/`. */
  know(folders: readonly Folder[]): void {
    const made = folders.filter(({ path, verbs }) => path.startsWith(PICTURES) && verbs.includes("get"));
    this.#made = made.map(({ path }) => path);
  }

  kept(id: string): ImageBitmap | undefined {
    return this.#kept.get(id);
  }

  /** The picture of a file that is uploaded. It is kept for `id`, and undefined for what the browser can't read. */
  async ofUpload(id: string, file: File, signal: AbortSignal): Promise<ImageBitmap | undefined> {
    return this.#make(id, signal, () => Promise.resolve(file));
  }

  /** The picture of a file in the bucket. */
  async ofFile({ key, size }: StoredFile, signal: AbortSignal): Promise<ImageBitmap | undefined> {
    const savesData = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
    const picture = key.startsWith(IMAGES) ? `${PICTURES}${key.slice(IMAGES.length)}.jpg` : "";
    const keys = this.#made.some((path) => picture.startsWith(path)) ? [picture] : [];
    if (size <= MOST_BYTES && !savesData) keys.push(key);
    if (keys.length === 0) return undefined;
    if (!this.#kept.has(key)) await new Promise((resolve) => setTimeout(resolve, PATIENCE));
    return this.#make(key, signal, () => this.#fetch(keys, signal));
  }

  /** The content of the first of the objects that is there. */
  async #fetch(keys: readonly string[], signal: AbortSignal): Promise<Blob> {
    for (const key of keys) {
      const { url } = await this.#endpoint.link(key);
      const response = await fetch(url, { signal, credentials: "omit", referrerPolicy: "no-referrer" });
      if (response.ok) return response.blob();
    }
    throw new Error("no picture");
  }

  async #make(id: string, signal: AbortSignal, content: () => Promise<Blob>): Promise<ImageBitmap | undefined> {
    if (this.#kept.has(id)) return this.#kept.get(id);
    try {
      return await this.#slots.take(async () => {
        const picture = await createImageBitmap(await content(), { resizeWidth: SIZE, resizeQuality: "medium" });
        this.#keep(id, picture);
        return picture;
      }, signal);
    } catch {
      if (!signal.aborted) this.#keep(id, undefined);
      return undefined;
    }
  }

  #keep(id: string, picture: ImageBitmap | undefined): void {
    this.#kept.set(id, picture);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}
