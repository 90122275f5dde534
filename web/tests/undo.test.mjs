// A deletion waits some seconds in a message with "Undo". It is sent when the message goes, the tab is closed or the person
// signs out; in a bucket with versions as in one without.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, choose, launch, open, row, signIn, stored } from "./browser.mjs";
import { freePort, Stack } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const NAMES = ["one.txt", "two.txt", "three.txt"];

let browser, site, stack, ada;

before(async () => {
  const port = await freePort();
  browser = await launch();
  stack = await Stack.apply("page-undo", (it) =>
    it.replaceAll("5173", String(port))
      .replace("    on_destroy: empty\n", "    on_destroy: empty\n    versioning: true\n")
      .replace("URL_EXPIRES: 10s", "URL_EXPIRES: 5s"),
  );
  site = await serve(await stack.variables(), port);
  ada = await stack.settledPerson("ada");
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** A page with these three files, where nothing is left of earlier tests. */
async function withFiles(names = NAMES) {
  const page = await open(browser, site.url);
  await signIn(page, ada);
  page.deleted = [];
  page.on("request", (it) => it.method() === "DELETE" && !it.url().includes("/uploads/uploads/") && page.deleted.push(decodeURIComponent(new URL(it.url()).pathname.split("/").at(-1))));
  for (const name of names) {
    await choose(page, [{ name, mimeType: "text/plain", buffer: Buffer.from(name) }]);
    await stored(page, name).waitFor();
  }
  return page;
}

/** Deletes a file by its button; then the page has the URL for it. */
async function remove(page, name) {
  const signed = page.waitForResponse((it) => it.request().method() === "DELETE" && it.url().startsWith(stack.outputs.endpoint));
  await stored(page, name).getByRole("button", { name: `Delete ${name}` }).click();
  await row(page, name).waitFor({ state: "detached" });
  await signed;
}

/** The names that a page of its own finds in the bucket, once they are these. */
async function assertStored(expected) {
  const page = await open(browser, site.url);
  await signIn(page, ada);
  await page.waitForFunction(() => !document.querySelector("[aria-busy]"));
  let names;
  for (let tries = 0; tries < 20; tries += 1) {
    names = await page.getByRole("row").locator("button.name").evaluateAll((all) => all.map((it) => it.title));
    if (names.length === expected.length) break;
    await page.waitForTimeout(200);
    const again = page.getByRole("button", { name: "Refresh" });
    if (await again.isVisible()) await again.click();
  }
  assert.deepEqual([...names].sort(), [...expected].sort());
  await page.context().close();
}

const focused = (page) => page.evaluate(() => document.activeElement.textContent);

test("a deleted file comes back by the button and by the keyboard, and nothing was sent", async () => {
  const page = await withFiles();
  await remove(page, "two.txt");
  // A screen reader hears of it, and of the way back.
  const said = page.getByRole("status", { name: "Messages" });
  assert.match(await said.textContent(), /two\.txt deleted\.Undo/);
  assert.equal(await said.getByRole("button", { name: "Undo" }).getAttribute("aria-keyshortcuts"), "Control+Z Meta+Z");
  await page.waitForFunction(() => document.activeElement.getAttribute("role") === "row");
  await said.getByRole("button", { name: "Undo" }).click();
  await said.getByText("two.txt is back.").waitFor();
  await stored(page, "two.txt").waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute("role") === "row");

  await row(page, "three.txt").focus();
  await page.keyboard.press("Delete");
  await row(page, "three.txt").waitFor({ state: "detached" });
  await page.waitForFunction(() => document.activeElement.textContent.includes("two.txt"));
  await page.keyboard.press("Control+z");
  await stored(page, "three.txt").waitFor();
  assert.match(await focused(page), /two\.txt|three\.txt/);

  await page.getByRole("checkbox", { name: "Select one.txt" }).click();
  await page.getByRole("checkbox", { name: "Select two.txt" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await said.getByText("2 files deleted.").waitFor();
  assert.deepEqual(await page.getByRole("row").locator("button.name").allTextContents(), ["three.txt"]);
  // In a field the keys are the field's.
  await page.getByRole("searchbox").focus();
  await page.keyboard.press("Control+z");
  assert.equal(await row(page, "one.txt").count(), 0);
  await row(page, "three.txt").focus();
  await page.keyboard.press("Control+z");
  await said.getByText("2 files are back.").waitFor();
  await page.reload();
  for (const name of NAMES) await stored(page, name).waitFor();
  assert.deepEqual(page.deleted, []);
  assertQuiet(page);
  await page.context().close();
});

test("a deletion is sent when its message goes, and a message under the pointer stays", async () => {
  const page = await withFiles([]);
  await stored(page, "one.txt").waitFor();
  await remove(page, "one.txt");
  await page.getByText("one.txt deleted.").hover();
  // Longer than a message stays, and than a URL is valid.
  await page.waitForTimeout(9_000);
  assert.deepEqual(page.deleted, []);
  await page.getByRole("searchbox").hover();
  await page.getByText("one.txt deleted.").waitFor({ state: "detached" });
  await assertStored(["three.txt", "two.txt"]);
  assert.deepEqual(page.deleted, ["one.txt"]);
  assertQuiet(page);
  await page.context().close();
});

test("a page that is left or closed sends what waits", async () => {
  const page = await withFiles([]);
  await stored(page, "two.txt").waitFor();
  await remove(page, "two.txt");
  await page.goto("about:blank");
  await assertStored(["three.txt"]);
  await page.context().close();

  const other = await withFiles(["four.txt"]);
  await remove(other, "three.txt");
  await other.close({ runBeforeUnload: true });
  await assertStored(["four.txt"]);
});

test("signing out sends what waits", async () => {
  const page = await withFiles(["five.txt"]);
  await remove(page, "four.txt");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  assert.deepEqual(page.deleted, ["four.txt"]);
  await assertStored(["five.txt"]);
  assertQuiet(page);
  await page.context().close();
});

test("a deletion that fails brings the file back, with the reason", async () => {
  const page = await withFiles([]);
  await stored(page, "five.txt").waitFor();
  await page.route((url) => url.pathname.endsWith("/five.txt") && url.searchParams.has("X-Amz-Signature"), (route) =>
    route.request().method() === "DELETE"
      ? route.fulfill({ status: 403, contentType: "application/xml", headers: { "access-control-allow-origin": "*" }, body: "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>" })
      : route.continue(),
  );
  await remove(page, "five.txt");
  await page.getByText("Nothing here yet.").waitFor();
  await page.getByRole("button", { name: "Close the message" }).click();
  await page.getByRole("status", { name: "Messages" }).getByText(/^1 file was not deleted\. /).waitFor();
  await stored(page, "five.txt").waitFor();
  await assertStored(["five.txt"]);
  assertQuiet(page);
  await page.context().close();
});
