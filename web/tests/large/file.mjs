// A large file on its way: the file, the requests that send it, what the bar shows, and the browser's memory.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { idToken, item } from "../browser.mjs";
import { folderOf } from "../cloud.mjs";

const MB = 1024 * 1024;

/** A file of random bytes, and its hash. */
export function made(folder, name, size) {
  const path = join(folderOf(folder), name);
  const file = openSync(path, "w");
  const hash = createHash("sha256");
  for (let left = size; left > 0; left -= 4 * MB) {
    const bytes = randomBytes(Math.min(left, 4 * MB));
    writeSync(file, bytes);
    hash.update(bytes);
  }
  closeSync(file);
  return { path, name, size, hash: hash.digest("hex") };
}

/** The memory of all processes of the browser without the files they map, in bytes, several times a second. */
export async function memoryOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const now = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const kilobytes = processInfo.map(({ id }) => {
      try {
        const lines = readFileSync(`/proc/${id}/status`, "utf8").matchAll(/^Rss(?:Anon|Shmem):\s+(\d+)/gm);
        return [...lines].reduce((sum, [, it]) => sum + Number(it), 0);
      } catch {
        return 0; // it ended
      }
    });
    return kilobytes.reduce((sum, it) => sum + it, 0) * 1024;
  };
  const first = await now();
  let most = first;
  const timer = setInterval(async () => (most = Math.max(most, await now().catch(() => 0))), 100);
  after(() => clearInterval(timer));
  return { first, most: () => most };
}

/** Counts the requests to the bucket; `parts` has the number of each part that arrived. */
export function watch(page) {
  const seen = { parts: [], begun: 0, listed: 0 };
  page.on("response", async (response) => {
    const query = new URL(response.url()).searchParams;
    const method = response.request().method();
    if (response.status() >= 300 || method === "OPTIONS") return;
    if (query.has("uploads")) seen.begun += 1;
    else if (method === "PUT" && query.has("partNumber")) seen.parts.push(Number(query.get("partNumber")));
    else if (method === "GET" && query.has("uploadId")) seen.listed += 1;
  });
  return seen;
}

/** The share that the bar shows, until it is more than `share`; it must never be less than before. */
export async function until(page, name, share) {
  const bar = page.getByRole("progressbar", { name: `Progress of ${name}` });
  let last = 0;
  for (;;) {
    const now = Number((await bar.getAttribute("value")) ?? 0);
    assert.ok(now >= last, `the bar went from ${last} back to ${now}`);
    if (now > share) return now;
    last = now;
    await page.waitForTimeout(20);
  }
}

/** The SHA-256 of the one object with this name, as S3 gives it. */
export async function storedHash(page, stack, name) {
  const headers = { Authorization: await idToken(page) };
  const ask = async (path) => (await fetch(stack.outputs.endpoint + path, { headers })).json();
  const list = await (await fetch((await ask("/uploads")).url)).text();
  const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key).filter((key) => key.endsWith(`/${name}`));
  assert.equal(keys.length, 1, list);
  const { url } = await ask(`/uploads/${keys[0].split("/").map(encodeURIComponent).join("/")}`);
  const hash = createHash("sha256");
  for await (const bytes of (await fetch(url)).body) hash.update(bytes);
  return hash.digest("hex");
}

/** Bounds the browser's uploads, in bytes a second; gives a function that changes it, and the rest of the network. */
export async function throttled(page, uploadThroughput) {
  const network = await page.context().newCDPSession(page);
  const set = (more) => network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput, ...more });
  await set({});
  return set;
}

/** Chooses the file of an unfinished upload. */
export async function chooseAgain(page, name, path) {
  const chooser = page.waitForEvent("filechooser");
  await item(page, "Unfinished uploads", name).getByRole("button", { name: /^Choose the file again/ }).click();
  await (await chooser).setFiles(path);
}
