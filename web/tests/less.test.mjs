// Stacks that allow less than web/stack.yaml: the page does what they allow, and hides the rest. And what is published.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertQuiet, choose, launch, open, row, signIn, stored } from "./browser.mjs";
import { freePort, Stack } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const large = { name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(17 * 1024 * 1024) };
const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };
/** So a browser tells of a route that is not there. */
const MISSING_ROUTE = /^Failed to load resource|^Access to fetch at '[^']*\/(uploads|folders|sign).* preflight /;

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

async function published(name, change) {
  const port = await freePort();
  const stack = await Stack.apply(name, (text) => change(text.replaceAll("5173", String(port))));
  return { stack, site: await serve(await stack.variables(), port) };
}

test("with the one route `GET /` files are uploaded, and nothing else is offered", async () => {
  const { stack, site } = await published("page-simple", (text) =>
    text.replace(/\[put, .*\]/, "[put]").replace(/^ {6}(POST|DELETE|GET \/uploads|GET \/folders).*\n/gm, ""),
  );
  const page = await open(browser, site.url);
  await signIn(page, await stack.settledPerson("ada"));
  await choose(page, [notes, large]);
  await row(page, "notes.txt").getByText("uploaded").waitFor();
  await row(page, "large.bin").getByText("uploaded").waitFor();
  assert.equal(await page.getByRole("checkbox").count(), 0);
  assertQuiet(page, MISSING_ROUTE);
  await site.stop();
});

test("files that may only be listed are listed, and neither fetched nor removed", async () => {
  const { stack, site } = await published("page-list", (text) => text.replace(/\[put, .*\]/, "[put, list]").replace(/^ {6}DELETE.*\n/gm, ""));
  const page = await open(browser, site.url);
  await signIn(page, await stack.settledPerson("ada"));
  // `/sign` answers that `multipart` is not granted: the file goes as a whole.
  await choose(page, [notes, large]);
  await stored(page, "large.bin").waitFor();
  const it = stored(page, "notes.txt");
  await it.waitFor();
  assert.equal(await it.getByRole("button").count(), 0);
  assertQuiet(page, MISSING_ROUTE);

  const html = readFileSync(join(site.outDir, "index.html"), "utf8");
  assert.match(html, /Content-Security-Policy/);
  assert.doesNotMatch(html, /unsafe|<script>|<style|\son\w+=|\sstyle=/);
  const response = await fetch(site.url);
  assert.match(response.headers.get("content-security-policy"), /script-src 'self'; .*frame-ancestors 'none'/);
  // Values of the stack that the page does not need: accounts, keys, roles, variables of other programs.
  const bundle = readdirSync(join(site.outDir, "assets")).map((it) => readFileSync(join(site.outDir, "assets", it), "utf8")).join();
  assert.ok(bundle.includes(stack.outputs.client_id));
  for (const secret of [/AKIA[0-9A-Z]{16}/, /arn:aws:iam/, /aws_secret_access_key/i, /STACKCTL/, /Temporary-1|Lovelace/]) {
    assert.doesNotMatch(bundle, secret);
  }
  await site.stop();
});
