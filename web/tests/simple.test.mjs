// A stack with the one route of the smallest file: the page does what that allows, and hides the rest.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, choose, launch, open, row, signIn } from "./browser.mjs";
import { freePort, Stack } from "./cloud.mjs";
import { serve } from "./pages.mjs";

let browser, page, site, stack;

before(async () => {
  const port = await freePort();
  const oneRoute = (text) =>
    text
      .replaceAll("5173", String(port))
      .replace(/\[put, .*\]/, "[put]")
      .replace(/^ {6}(POST|DELETE|GET \/uploads).*\n/gm, "");
  [stack, browser] = await Promise.all([Stack.apply("page-simple", oneRoute), launch()]);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

test("files are uploaded, and nothing is offered that the stack does not allow", async () => {
  const person = await stack.settledPerson("ada");
  page = await open(browser, site.url);
  await signIn(page, person);
  await choose(page, [{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") }]);
  await row(page, "Uploads", "notes.txt").getByText("uploaded").waitFor();
  assert.equal(await page.getByRole("heading", { name: "Your files" }).count(), 0);
  // So a browser tells of a route that is not there.
  assertQuiet(page, /^Failed to load resource|production\/uploads' .* preflight/);
});
