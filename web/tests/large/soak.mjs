// 5 GB through the page, closed in the middle. `make soak` runs this; it needs 16 GB of memory, which the emulator takes to
// put the parts together, and 15 GB of disk.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, choose, item, launch, open, signIn, stored } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";
import { chooseAgain, made, memoryOf, storedHash, until, watch } from "./file.mjs";

const GB = 1024 ** 3;

let browser, site, stack;

before(async () => {
  const port = await freePort();
  [stack, browser] = await Promise.all([
    Stack.apply("page-soak", (text) => text.replaceAll("5173", String(port)).replace("URL_EXPIRES: 10s", "MAX_BYTES: 5GB")),
    launch(),
  ]);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

test("5 GB arrive, though the page is closed in the middle, and memory does not grow with them", async () => {
  const film = made("page-soak", "film.mov", 5 * GB);
  const page = await open(browser, site.url);
  await signIn(page, await stack.settledPerson("ada"));
  const seen = watch(page);
  const memory = await memoryOf(browser);
  await choose(page, film.path);
  await until(page, film.name, 0.5);
  const before = new Set(seen.parts);
  await page.reload();
  await item(page, "Unfinished uploads", film.name).waitFor();
  const sentBefore = seen.parts.length;
  await chooseAgain(page, film.name, film.path);
  await stored(page, film.name).waitFor({ timeout: 1_800_000 });
  assert.equal(seen.begun, 1);
  assert.deepEqual(seen.parts.slice(sentBefore).filter((number) => before.has(number)), []);
  assert.ok(memory.most() < memory.first + 200 * 1024 ** 2, `memory grew from ${memory.first} to ${memory.most()}`);
  assert.equal(await storedHash(page, stack, film.name), film.hash);
  assertQuiet(page);
});
