// Files on their way in and out: several at once, refused, expired, cancelled, downloaded, removed.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { assertQuiet, choose, idToken, item, launch, open, row, signIn, stored } from "./browser.mjs";
import { freePort, Stack } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const MB = 1024 * 1024;
const big = { name: "big.bin", mimeType: "application/octet-stream", buffer: randomBytes(30 * MB) };
const empty = { name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) };
const greek = { name: "Ετήσια αναφορά + σχέδια 2026.txt", mimeType: "text/plain", buffer: Buffer.from("Καλημέρα") };
const small = (name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(`this is ${name}`) });

let browser, site, stack, ada;

before(async () => {
  const port = await freePort();
  const limits = "UPLOAD_EXPIRES: 8s\n      MAX_BYTES: 32MB\n      CONTENT_TYPES: text/*,image/*,application/octet-stream";
  [stack, browser] = await Promise.all([
    Stack.apply("page-uploads", (text) => text.replaceAll("5173", String(port)).replace("URL_EXPIRES: 10s", limits)),
    launch(),
  ]);
  site = await serve(await stack.variables(), port);
  ada = await stack.settledPerson("ada");
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

async function signedIn(person = ada) {
  const page = await open(browser, site.url);
  await signIn(page, person);
  return page;
}

const arrives = (page, name) => stored(page, name).waitFor();
const failed = (page, name) => item(page, /failed$/, name);
const inBucket = (page) => (url) => url.href.startsWith(`${stack.outputs.cognito_endpoint}/${stack.outputs.bucket}/`);
const isPut = (route) => route.request().method() === "PUT";

test("three files at once: one of 30 MB, one empty, one with a Greek name", async () => {
  const page = await signedIn();
  await page.getByText("Nothing here yet.").waitFor();
  const slowly = await page.context().newCDPSession(page);
  const network = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 12 * MB };
  await slowly.send("Network.emulateNetworkConditions", network);
  await choose(page, [big, empty, greek]);
  const bar = page.getByRole("progressbar", { name: "Progress of big.bin" });
  await bar.waitFor();
  const seen = new Set();
  while ((await bar.count()) > 0) {
    seen.add(await bar.getAttribute("value", { timeout: 200 }).catch(() => null));
    await page.waitForTimeout(50);
  }
  const between = [...seen].filter((it) => it !== null && Number(it) > 0 && Number(it) < 1);
  assert.ok(between.length >= 3, `the bar moves: ${[...seen].join(", ")}`);
  for (const { name } of [big, empty, greek]) {
    await arrives(page, name);
  }
  const told = await page.getByRole("log").textContent();
  for (const { name } of [big, empty, greek]) assert.ok(told.includes(`${name} uploaded.`), told);
  assertQuiet(page);
});

test("a download gives back the same bytes under the same name", async () => {
  const page = await signedIn();
  for (const file of [big, empty, greek]) {
    const started = page.waitForEvent("download");
    await stored(page, file.name).getByRole("button", { name: `Download ${file.name}` }).click();
    const download = await started;
    assert.equal(download.suggestedFilename(), file.name);
    const bytes = await readFile(await download.path());
    assert.equal(hash(bytes), hash(file.buffer), file.name);
  }
  assertQuiet(page);
});

test("a second person sees nothing of it, and can't read it by any way", async () => {
  const page = await signedIn();
  const first = await idToken(page);
  const eve = await signedIn(await stack.settledPerson("eve"));
  await eve.getByText("Nothing here yet.").waitFor();
  const second = await idToken(eve);

  const list = async (token) => {
    const { url, prefix } = await (await ask("/uploads", token)).json();
    return { url, prefix, xml: await (await fetch(url)).text() };
  };
  const theirs = await list(first);
  const [, key] = /<Key>([^<]*big\.bin)<\/Key>/.exec(theirs.xml);
  assert.ok(key.startsWith(theirs.prefix));
  for (const form of [key, encodeURIComponent(key), `${(await list(second)).prefix}../${key}`, key.replaceAll("/", "%252F")]) {
    for (const method of ["GET", "DELETE"]) {
      const refused = await ask(`/uploads/${form}`, second, { method });
      assert.equal(refused.status, 403, `${method} ${form}`);
    }
  }
  // Nor by changing what was signed, nor without any signature.
  const own = (await list(second)).url;
  for (const url of [
    own.replace(/prefix=[^&]*/, `prefix=${encodeURIComponent(theirs.prefix)}`),
    `${stack.outputs.cognito_endpoint}/${stack.outputs.bucket}/${key}`,
    `${stack.outputs.cognito_endpoint}/${stack.outputs.bucket}?list-type=2`,
  ]) {
    assert.equal((await fetch(url)).status, 403, url);
  }
});

test("what is too large or of a wrong type is refused in words", async () => {
  const page = await signedIn();
  await choose(page, [
    { name: "huge.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(33 * MB) },
    { name: "setup.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") },
    small("fine.txt"),
  ]);
  await failed(page, "huge.bin").getByText("This file is too large (33 MB): at most 32 MB are allowed.").waitFor();
  await failed(page, "setup.exe").getByText("Files of this type (.exe) are not allowed. Allowed: text, images, and files of no known type.", { exact: true }).waitFor();
  await arrives(page, "fine.txt");
  const told = await page.getByRole("log").textContent();
  for (const part of ["huge.bin: This file is too large", "setup.exe: Files of this type", "fine.txt uploaded."]) assert.ok(told.includes(part), told);
  assertQuiet(page);
});

test("an expired URL is explained, and a retry gets a new one", async () => {
  const page = await signedIn();
  const urls = [];
  await page.route(inBucket(page), async (route) => {
    if (!isPut(route)) return route.fallback();
    urls.push(route.request().url());
    // The bucket takes a file no longer than until its URL ends.
    if (urls.length === 1) await new Promise((done) => setTimeout(done, 10_000));
    await route.continue();
  });
  await choose(page, [small("late.txt")]);
  await failed(page, "late.txt").getByText("The link for this upload expired before the file arrived.").waitFor();
  await failed(page, "late.txt").getByRole("button", { name: "Retry late.txt" }).click();
  await arrives(page, "late.txt");
  assert.equal(urls.length, 2);
  assert.notEqual(urls[0], urls[1]);
  assertQuiet(page);
});

test("cancel stops, and its undo begins anew", async () => {
  const page = await signedIn();
  const slowly = await page.context().newCDPSession(page);
  const network = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 2 * MB };
  await slowly.send("Network.emulateNetworkConditions", network);
  await choose(page, [{ ...big, name: "slow.bin" }]);
  const it = row(page, "slow.bin");
  await it.getByText(/ of 30 MB, [1-9]/).waitFor();
  await it.getByRole("button", { name: "Cancel slow.bin" }).click();
  await page.getByText("slow.bin cancelled.").waitFor();
  assert.equal(await it.count(), 0);
  await slowly.send("Network.emulateNetworkConditions", { ...network, uploadThroughput: -1 });
  await page.getByRole("button", { name: "Undo" }).click();
  await arrives(page, "slow.bin");
  assertQuiet(page);
});

test("a lost connection has a message; a retry works once it is back, and without one the network's return", async () => {
  const page = await signedIn();
  await page.route(inBucket(page), (route) => (isPut(route) ? route.abort("connectionreset") : route.fallback()));
  await choose(page, [small("interrupted.txt")]);
  const it = failed(page, "interrupted.txt");
  await it.getByText("The connection was lost").waitFor();
  await page.unrouteAll();
  await page.context().setOffline(true);
  await it.getByRole("button", { name: "Retry interrupted.txt" }).click();
  await it.getByText("You are offline. Retry when you are connected again.").waitFor();
  await page.getByText("Uploads go on by themselves").waitFor();
  await page.context().setOffline(false);
  await arrives(page, "interrupted.txt");
  await page.route(inBucket(page), (route) => (isPut(route) ? route.abort("connectionreset") : route.fallback()));
  await choose(page, [small("again.txt")]);
  await failed(page, "again.txt").waitFor();
  await page.unrouteAll();
  await failed(page, "again.txt").getByRole("button", { name: "Retry again.txt" }).click();
  await arrives(page, "again.txt");
  assertQuiet(page);
});

test("a session that ended elsewhere has a message, and keeps the chosen files", async () => {
  const page = await signedIn();
  await arrives(page, "big.bin");
  // Cognito takes the session back; the tokens in the browser don't know yet.
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (/\.(refreshToken|idToken|accessToken)$/.test(key)) localStorage.removeItem(key);
  });
  await choose(page, [small("kept.txt")]);
  await page.getByText("Your session has ended. Sign in again to go on.").waitFor();
  await signIn(page, ada);
  const it = failed(page, "kept.txt");
  await it.getByText("You are signed out. Sign in again, then retry.").waitFor();
  await it.getByRole("button", { name: "Retry kept.txt" }).click();
  await arrives(page, "kept.txt");
  assertQuiet(page);
});

test("a file is deleted once its message is gone", async () => {
  const page = await signedIn();
  const it = stored(page, "fine.txt");
  await it.getByRole("button", { name: "Delete fine.txt" }).click();
  await page.getByText("fine.txt deleted.").waitFor();
  const answer = page.waitForResponse((it) => it.request().method() === "DELETE" && it.url().includes("X-Amz-Signature"));
  await page.getByRole("button", { name: "Close the message" }).click();
  assert.equal((await answer).status(), 204);
  assert.equal(await it.count(), 0);
  await page.reload();
  await arrives(page, "big.bin");
  assert.equal(await it.count(), 0);
  assertQuiet(page);
});

test("files are dropped as well as chosen", async () => {
  const page = await signedIn();
  const transfer = await page.evaluateHandle(() => {
    const it = new DataTransfer();
    for (const name of ["dropped-1.txt", "dropped-2.txt"]) it.items.add(new File([name], name, { type: "text/plain" }));
    return it;
  });
  // Anywhere in the window.
  for (const event of ["dragenter", "dragover"]) await page.dispatchEvent("header", event, { dataTransfer: transfer });
  await page.getByRole("heading", { name: "Let go to upload" }).waitFor();
  await page.dispatchEvent("header", "drop", { dataTransfer: transfer });
  await arrives(page, "dropped-1.txt");
  await arrives(page, "dropped-2.txt");
  await page.evaluate((dataTransfer) => window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: dataTransfer })), await page.evaluateHandle(() => {
    const it = new DataTransfer();
    it.items.add(new File(["pasted"], "pasted.txt", { type: "text/plain" }));
    return it;
  }));
  await arrives(page, "pasted.txt");
  assertQuiet(page);
});

function ask(path, token, options = {}) {
  return fetch(stack.outputs.endpoint + path, { ...options, headers: { Authorization: token } });
}

function hash(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
