// Large files in parts, which survive a pause, a lost network and a closed page; and memory while they are sent.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, openSync, readFileSync, writeSync, closeSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertQuiet, choose, idToken, launch, open, row, signIn } from "./browser.mjs";
import { folderOf, freePort, Stack } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const MB = 1024 * 1024;
const PART = 8 * MB;

let browser, site, stack, ada;

before(async () => {
  const port = await freePort();
  [stack, browser] = await Promise.all([
    Stack.apply("page-parts", (text) => text.replaceAll("5173", String(port)).replace("URL_EXPIRES: 10s", "MAX_BYTES: 1GB")),
    launch(),
  ]);
  site = await serve(await stack.variables(), port);
  ada = await stack.settledPerson("ada");
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** A file of random bytes, and its hash. */
function made(name, size) {
  const path = join(folderOf("page-parts"), name);
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

/** The memory that all processes of the browser have for themselves, in bytes, several times a second. */
async function memoryOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const now = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const kilobytes = processInfo.map(({ id }) => {
      try {
        return Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0);
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
function watch(page) {
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
async function until(page, name, share) {
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

async function storedHash(page, name) {
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

async function throttled(page, uploadThroughput) {
  const network = await page.context().newCDPSession(page);
  const set = (more) => network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput, ...more });
  await set({});
  return set;
}

const chooseAgain = async (page, name, path) => {
  const chooser = page.waitForEvent("filechooser");
  await row(page, "Unfinished uploads", name).getByRole("button", { name: /^Choose the file again/ }).click();
  await (await chooser).setFiles(path);
};

test("200 MB survive a pause, a lost network, and a closed page", async () => {
  const film = made("film.mov", 200 * MB);
  const page = await open(browser, site.url);
  await signIn(page, ada);
  const seen = watch(page);
  const memory = await memoryOf(browser);
  const network = await throttled(page, 64 * MB);
  await choose(page, film.path);
  const it = row(page, "Uploads", film.name);

  await until(page, film.name, 0.15);
  await it.getByRole("button", { name: "Pause film.mov" }).click();
  await it.getByText(/ of 200 MB, \d+ %, paused/).waitFor();
  const paused = await until(page, film.name, 0);
  const arrived = seen.parts.length;
  await page.waitForTimeout(500);
  assert.equal(seen.parts.length, arrived, "a pause sends nothing");
  await it.getByRole("button", { name: "Resume film.mov" }).click();
  assert.ok((await until(page, film.name, 0)) >= paused);

  await until(page, film.name, 0.4);
  await network({ offline: true });
  await it.getByText("waiting for the network").waitFor();
  await page.waitForTimeout(500);
  await network({});

  await until(page, film.name, 0.7);
  const before = new Set(seen.parts);
  await page.reload();
  const unfinished = row(page, "Unfinished uploads", film.name);
  await unfinished.getByText(/ of 200 MB, \d\d %, begun /).waitFor();
  await chooseAgain(page, film.name, made("other.mov", MB).path);
  await unfinished.getByText("This is another file").waitFor();
  const sentBefore = seen.parts.length;
  await throttled(page, -1);
  await chooseAgain(page, film.name, film.path);
  await it.getByText("200 MB, uploaded").waitFor();
  assert.equal(await unfinished.count(), 0);

  assert.equal(seen.begun, 1);
  assert.equal(seen.listed, 1);
  const later = seen.parts.slice(sentBefore);
  assert.deepEqual(later.filter((number) => before.has(number)), [], "what S3 had was not sent again");
  assert.ok(before.size > 10 && later.length <= Math.ceil(film.size / PART) - before.size, `${before.size}, ${later.length}`);
  assert.ok(memory.most() < memory.first + 64 * MB, `memory grew from ${memory.first} to ${memory.most()}`);
  assert.equal(await storedHash(page, film.name), film.hash);
  await page.reload();
  await row(page, "Your files", film.name).waitFor();
  assert.equal(await unfinished.count(), 0);
  assertQuiet(page, /^Failed to load resource|ERR_INTERNET_DISCONNECTED/);
});

test("a stack without `/sign` takes a large file as a whole", async () => {
  const page = await open(browser, site.url);
  await signIn(page, ada);
  const seen = watch(page);
  // So a browser tells of a route that is missing.
  await page.route("**/sign", (route) => route.abort("failed"));
  await choose(page, made("whole.bin", 17 * MB).path);
  await row(page, "Uploads", "whole.bin").getByText("17 MB, uploaded").waitFor();
  assert.deepEqual([seen.begun, seen.parts], [0, []]);
  assertQuiet(page);
});

test("a file that the browser remembers continues after a reload with one click", async () => {
  const page = await open(browser, site.url);
  // The browser's own dialog can't be driven; what it gives is a handle, as this one is.
  await page.addInitScript((size) => {
    window.showOpenFilePicker = async () => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle("known.bin", { create: true });
      const writable = await handle.createWritable();
      await writable.write(new Blob([new Uint8Array(size).fill(7)]));
      await writable.close();
      return [handle];
    };
  }, 40 * MB);
  await page.reload();
  await signIn(page, ada);
  const seen = watch(page);
  await throttled(page, 20 * MB);
  await page.getByRole("button", { name: "Choose files" }).click();
  await until(page, "known.bin", 0.6);
  await page.reload();
  await throttled(page, -1);
  await row(page, "Unfinished uploads", "known.bin").getByRole("button", { name: "Continue known.bin" }).click();
  await row(page, "Uploads", "known.bin").getByText("40 MB, uploaded").waitFor();
  assert.equal(seen.begun, 1);
  assert.equal(await storedHash(page, "known.bin"), createHash("sha256").update(Buffer.alloc(40 * MB, 7)).digest("hex"));
  assertQuiet(page);
});

test("an unfinished upload stays after signing out, is its person's alone, and ends with a cancel", async () => {
  const eve = await stack.settledPerson("eve");
  const page = await open(browser, site.url);
  await signIn(page, ada);
  const network = await throttled(page, 10 * MB);
  await choose(page, made("draft.bin", 40 * MB).path);
  await until(page, "draft.bin", 0.3);
  const signOut = () => page.getByRole("button", { name: "Sign out" }).click();
  await signOut();
  await network({ uploadThroughput: -1 });
  await signIn(page, eve);
  await page.getByText("Nothing here yet.").waitFor();
  assert.equal(await page.getByText("draft.bin").count(), 0);
  await signOut();
  await signIn(page, ada);
  const unfinished = row(page, "Unfinished uploads", "draft.bin");
  const aborted = page.waitForResponse((response) => response.request().method() === "DELETE" && response.url().includes("uploadId="));
  await unfinished.getByRole("button", { name: "Cancel draft.bin" }).click();
  await unfinished.waitFor({ state: "detached" });
  assert.equal((await aborted).status(), 204);
  await page.reload();
  await row(page, "Your files", "whole.bin").waitFor();
  assert.equal(await unfinished.count(), 0);
  assertQuiet(page);
});
