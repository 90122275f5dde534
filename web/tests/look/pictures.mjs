// Small grey pictures of views, all in one file: each cell is the mean of a square of the window. A layout that breaks
// changes many cells; other fonts and another build of the browser change few of them, and by little.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { deflateSync, inflateSync } from "node:zlib";

/** The side of a cell, in pixels. */
const CELL = 20;
/** Two greys, of 256, that count as the same. */
const TOLERANCE = 24;
/** The share of cells that may differ. Twice the same is 0; DejaVu Serif in place of DejaVu Sans is 0.0035. */
const MOST = 0.01;
const IS_NEW = process.env.UPDATE_EXPECT === "1";

export class Pictures {
  #file;
  #kept = new Map();
  #seen = new Map();

  /** `file` has a picture a line: its name, its width, and its cells, deflated, in Base64. */
  constructor(file) {
    this.#file = file;
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, "utf8").split("\n").filter(Boolean)) {
      const [name, columns, cells] = line.split(" ");
      this.#kept.set(name, { columns: Number(columns), cells: inflateSync(Buffer.from(cells, "base64")) });
    }
  }

  /** Compares a screenshot, a PNG in Base64, with the kept picture of this name; what is wrong, in words, or undefined. */
  async compare(page, name, screenshot) {
    const seen = await shrunk(page, screenshot);
    this.#seen.set(name, seen);
    if (IS_NEW) this.#kept.set(name, seen);
    return this.#differences(name, seen);
  }

  /** The same, of a view that is broken on purpose: it is never kept. */
  async compareBroken(page, name, screenshot) {
    return this.#differences(name, await shrunk(page, screenshot));
  }

  #differences(name, { columns, cells }) {
    const kept = this.#kept.get(name);
    if (!kept) return `${name}: there is no picture of it; UPDATE_EXPECT=1 makes one`;
    if (kept.columns !== columns || kept.cells.length !== cells.length) return `${name}: the picture has another size`;
    const others = [...cells].map((it, index) => Math.abs(it - kept.cells[index]) > TOLERANCE);
    const share = others.filter(Boolean).length / cells.length;
    if (share <= MOST) return undefined;
    const line = (row) => others.slice(row * columns, (row + 1) * columns).map((it) => (it ? "#" : "·")).join("");
    const map = Array.from({ length: cells.length / columns }, (_, row) => line(row)).join("\n");
    return `${name}: ${(100 * share).toFixed(1)}% of the picture is different. If it is meant so: UPDATE_EXPECT=1.\n${map}`;
  }
  /** Writes what was seen, where it is asked for. Without it, pictures of views that are no more are an error. */
  finish() {
    const gone = [...this.#kept.keys()].filter((it) => !this.#seen.has(it));
    if (!IS_NEW) return gone;
    const line = ([name, { columns, cells }]) => `${name} ${columns} ${deflateSync(cells, { level: 9 }).toString("base64")}\n`;
    writeFileSync(this.#file, [...this.#seen].sort(([one], [other]) => (one < other ? -1 : 1)).map(line).join(""));
    return [];
  }
}

/** The means of the squares, from 0 to 255. */
async function shrunk(page, screenshot) {
  const { columns, cells } = await page.evaluate(async ([base64, cell]) => {
    const bytes = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const { width, height } = picture;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const columns = Math.ceil(width / cell);
    const rows = Math.ceil(height / cell);
    const sums = new Float64Array(columns * rows);
    const counts = new Uint32Array(columns * rows);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = 4 * (y * width + x);
        const to = Math.floor(y / cell) * columns + Math.floor(x / cell);
        sums[to] += 0.3 * data[at] + 0.59 * data[at + 1] + 0.11 * data[at + 2];
        counts[to] += 1;
      }
    }
    return { columns, cells: [...sums].map((it, index) => Math.round(it / counts[index])) };
  }, [screenshot, CELL]);
  return { columns, cells: Buffer.from(cells) };
}
