// Large files in parts, which survive a pause, a lost network and a closed page; and memory while they are sent.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { assertQuiet, choose, item, launch, open, row, signIn, stored } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";
import { chooseAgain, made, memoryOf, storedHash, throttled, until, watch } from "./file.mjs";

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

test("200 MB survive a pause, a lost network, and a closed page", async () => {
  const film = made("page-parts", "film.mov", 200 * MB);
  const page = await open(browser, site.url);
  await signIn(page, ada);
  const seen = watch(page);
  const memory = await memoryOf(browser);
  const network = await throttled(page, 64 * MB);
  await choose(page, film.path);
  const it = row(page, film.name);

  await until(page, film.name, 0.15);
  await it.getByRole("button", { name: "Pause film.mov" }).click();
  await it.getByText(/ of 200 MB, \d+%, paused/).waitFor();
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
  const unfinished = item(page, "Unfinished uploads", film.name);
  await unfinished.getByText(/ of 200 MB, \d\d%, begun /).waitFor();
  await chooseAgain(page, film.name, made("page-parts", "other.mov", MB).path);
  await unfinished.getByText("This is another file").waitFor();
  const sentBefore = seen.parts.length;
  await throttled(page, -1);
  await chooseAgain(page, film.name, film.path);
  await stored(page, film.name).waitFor();
  assert.equal(await unfinished.count(), 0);

  assert.equal(seen.begun, 1);
  assert.equal(seen.listed, 1);
  const later = seen.parts.slice(sentBefore);
  assert.deepEqual(later.filter((number) => before.has(number)), [], "what S3 had was not sent again");
  assert.ok(before.size > 10 && later.length <= Math.ceil(film.size / PART) - before.size, `${before.size}, ${later.length}`);
  assert.ok(memory.most() < memory.first + 64 * MB, `memory grew from ${memory.first} to ${memory.most()}`);
  assert.equal(await storedHash(page, stack, film.name), film.hash);
  await page.reload();
  await stored(page, film.name).waitFor();
  assert.equal(await unfinished.count(), 0);
  assertQuiet(page, /^Failed to load resource|ERR_INTERNET_DISCONNECTED/);
});

test("a stack without `/sign` takes a large file as a whole", async () => {
  const page = await open(browser, site.url);
  await signIn(page, ada);
  const seen = watch(page);
  // So a browser tells of a route that is missing.
  await page.route("**/sign", (route) => route.abort("failed"));
  await choose(page, made("page-parts", "whole.bin", 17 * MB).path);
  await stored(page, "whole.bin").waitFor();
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
  await item(page, "Unfinished uploads", "known.bin").getByRole("button", { name: "Continue known.bin" }).click();
  await stored(page, "known.bin").waitFor();
  assert.equal(seen.begun, 1);
  assert.equal(await storedHash(page, stack, "known.bin"), createHash("sha256").update(Buffer.alloc(40 * MB, 7)).digest("hex"));
  assertQuiet(page);
});

test("an unfinished upload stays after signing out, is its person's alone, and ends with a cancel", async () => {
  const eve = await stack.settledPerson("eve");
  const page = await open(browser, site.url);
  await signIn(page, ada);
  const network = await throttled(page, 10 * MB);
  await choose(page, made("page-parts", "draft.bin", 40 * MB).path);
  await until(page, "draft.bin", 0.3);
  const signOut = () => page.getByRole("button", { name: "Sign out" }).click();
  await signOut();
  await network({ uploadThroughput: -1 });
  await signIn(page, eve);
  await page.getByText("Nothing here yet.").waitFor();
  assert.equal(await page.getByText("draft.bin").count(), 0);
  await signOut();
  await signIn(page, ada);
  const unfinished = item(page, "Unfinished uploads", "draft.bin");
  const aborted = page.waitForResponse((response) => response.request().method() === "DELETE" && response.url().includes("uploadId="));
  await unfinished.getByRole("button", { name: "Cancel draft.bin" }).click();
  await unfinished.waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "My files");
  assert.equal((await aborted).status(), 204);
  await page.reload();
  await stored(page, "whole.bin").waitFor();
  assert.equal(await unfinished.count(), 0);
  assertQuiet(page);
});
