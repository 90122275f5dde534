// The list of files: search, sort, selection by keyboard, many at once, links, previews, thumbnails, limits, languages.

import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { after, before, test } from "node:test";
import { assertQuiet, choose, launch, open, row, signIn, stored } from "./browser.mjs";
import { folderOf, freePort, Stack, WEB } from "./cloud.mjs";
import { flaws } from "./look/layout.mjs";
import { serve } from "./pages.mjs";

const picture = readFileSync(join(WEB, "../docs/page.png"));
/** One page, `Hello`. */
const PDF = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n");
const text = (name, content = `this is ${name}`) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });
const FILES = [
  { name: "Coast 10.png", mimeType: "image/png", buffer: picture }, text("coast 9.txt", "<script>document.title = 'run'</script>".repeat(20)),
  { name: "Plan.pdf", mimeType: "application/pdf", buffer: PDF }, text("letter.html", "<script>parent.document.title = 'run'</script>"), text("empty.md", ""),
];

let browser, site, stack, ada;

before(async () => {
  const port = await freePort();
  const limits = "MAX_BYTES: 32MB\n      CONTENT_TYPES: text/*,image/*,application/pdf";
  browser = await launch();
  stack = await Stack.apply("page-files", (it) => it.replaceAll("5173", String(port)).replace("URL_EXPIRES: 10s", limits));
  site = await serve(await stack.variables(), port);
  ada = await stack.settledPerson("ada");
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

async function signedIn(options) {
  const page = await open(browser, site.url, options);
  await signIn(page, ada);
  return page;
}

const names = (page) => page.getByRole("row").filter({ has: page.getByRole("button", { name: /^Open/ }) }).locator(".name").allTextContents();
const selected = (page) => page.getByRole("row", { selected: true }).locator(".name").allTextContents();

test("limits are shown and are the dialog's, and an image has a thumbnail", async () => {
  const page = await signedIn();
  await page.getByText("Up to 32 MB each. Only text, images, and PDF.").waitFor();
  assert.equal(await page.locator("input[type=file]").getAttribute("accept"), "text/*,image/*,application/pdf");
  for (const file of FILES) {
    await choose(page, [file]);
    await stored(page, file.name).waitFor();
  }
  const isDrawn = () => page.evaluate(() => {
    const canvas = document.querySelector(".tile canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(data).size > 10;
  });
  await stored(page, "Coast 10.png").locator("canvas").waitFor();
  assert.ok(await isDrawn());
  // After a reload it comes from the bucket.
  await page.reload();
  await stored(page, "Coast 10.png").locator("canvas").waitFor();
  assert.ok(await isDrawn());
  assertQuiet(page);
});

test("files are searched and sorted, newest first without a choice", async () => {
  const page = await signedIn();
  await stored(page, "Plan.pdf").waitFor();
  assert.deepEqual(await names(page), ["empty.md", "letter.html", "Plan.pdf", "coast 9.txt", "Coast 10.png"]);
  await page.getByRole("button", { name: "Name" }).click();
  assert.deepEqual(await names(page), ["coast 9.txt", "Coast 10.png", "empty.md", "letter.html", "Plan.pdf"]);
  assert.equal(await page.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort"), "ascending");
  await page.getByRole("button", { name: "Size" }).click();
  assert.equal((await names(page))[0], "Coast 10.png");
  await page.getByRole("button", { name: "Size" }).click();
  assert.equal((await names(page))[0], "empty.md");
  const search = page.getByRole("searchbox", { name: "Search" });
  await search.fill("COAST 1");
  assert.deepEqual(await names(page), ["Coast 10.png"]);
  await search.fill("nothing like this");
  await page.getByText("No file has “nothing like this” in its name.").waitFor();
  assertQuiet(page);
});

test("the keyboard selects, opens and deletes", async () => {
  const page = await signedIn();
  await stored(page, "Plan.pdf").waitFor();
  await page.getByRole("button", { name: "Name" }).click();
  await row(page, "coast 9.txt").focus();
  await page.keyboard.press("Space");
  assert.deepEqual(await selected(page), ["coast 9.txt"]);
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  assert.deepEqual(await selected(page), ["coast 9.txt", "Coast 10.png", "empty.md"]);
  await page.keyboard.press("Shift+ArrowUp");
  assert.deepEqual(await selected(page), ["coast 9.txt", "Coast 10.png"]);
  await page.keyboard.press("Control+a");
  await page.getByText("5 selected").waitFor();
  await page.keyboard.press("Escape");
  assert.deepEqual(await selected(page), []);
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.activeElement.textContent.includes("Plan.pdf"));
  await page.keyboard.press("Home");
  await page.waitForFunction(() => document.activeElement.textContent.includes("coast 9.txt"));
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "coast 9.txt" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("dialog", { name: "Coast 10.png" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  // The mouse has the same ranges.
  await row(page, "coast 9.txt").click({ modifiers: ["Control"], position: { x: 500, y: 10 } });
  await row(page, "letter.html").click({ modifiers: ["Shift"], position: { x: 500, y: 10 } });
  assert.equal((await selected(page)).length, 4);
  assertQuiet(page);
});

test("many files are downloaded and, after a question, deleted at once", async () => {
  const page = await signedIn();
  const bulk = ["one.txt", "two.txt", "three.txt", "four.txt", "five.txt", "six.txt"];
  await choose(page, bulk.map((name) => text(name)));
  for (const name of bulk) await stored(page, name).waitFor();
  await page.getByRole("searchbox", { name: "Search" }).fill(".txt");
  for (const name of bulk) await page.getByRole("checkbox", { name: `Select ${name}` }).click();
  await page.getByText("6 selected").waitFor();
  const downloads = [];
  page.on("download", (it) => downloads.push(it.suggestedFilename()));
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await page.getByText("6 downloads started.").waitFor();
  for (let tries = 0; downloads.length < 6 && tries < 50; tries += 1) await page.waitForTimeout(100);
  assert.deepEqual(downloads.sort(), [...bulk].sort());

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Delete 6 files?" });
  await dialog.getByRole("button", { name: "Keep" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.getByText("6 files deleted.").waitFor();
  await page.reload();
  await stored(page, "Plan.pdf").waitFor();
  for (const name of bulk) assert.equal(await row(page, name).count(), 0);
  assertQuiet(page);
});

test("a link is copied with its lifetime, and works without a session", async () => {
  const page = await signedIn({ permissions: ["clipboard-read", "clipboard-write"] });
  // In front of a dialog the message is inside of it: elsewhere it could not be read.
  await stored(page, "coast 9.txt").getByRole("button", { name: "Open coast 9.txt" }).click();
  const dialog = page.getByRole("dialog", { name: "coast 9.txt" });
  await dialog.getByRole("button", { name: "Copy link" }).click();
  await dialog.getByText("Link to coast 9.txt copied.").waitFor();
  await dialog.getByRole("button", { name: "Close the message" }).click();
  await dialog.getByText("Link to coast 9.txt copied.").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await stored(page, "coast 9.txt").getByRole("button", { name: "Copy a link to coast 9.txt" }).click();
  await page.getByText("Link to coast 9.txt copied. Everyone who has it can download the file for 5 minutes.").waitFor();
  const response = await fetch(await page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(response.status, 200);
  assert.match(response.headers.get("content-disposition"), /^attachment/);
  assertQuiet(page);
});

test("previews show images, text and PDF, and run nothing of them", async () => {
  const page = await signedIn();
  const title = await page.title();
  const preview = async (name) => {
    await stored(page, name).getByRole("button", { name: `Open ${name}` }).click();
    return page.getByRole("dialog", { name });
  };
  const image = (await preview("Coast 10.png")).getByRole("img", { name: "Coast 10.png" });
  await image.waitFor();
  await page.waitForFunction(() => document.querySelector("dialog img").naturalWidth > 100);
  await page.keyboard.press("Escape");
  for (const name of ["coast 9.txt", "letter.html"]) {
    const content = (await preview(name)).locator("pre");
    assert.match(await content.textContent(), /^<script>/);
    await page.keyboard.press("Escape");
  }
  const frame = (await preview("Plan.pdf")).locator("iframe");
  await frame.waitFor();
  const source = new URL(await frame.getAttribute("src"));
  assert.equal(source.origin, new URL(stack.outputs.cognito_endpoint).origin);
  assert.notEqual(source.origin, new URL(page.url()).origin);
  const response = await fetch(source);
  assert.deepEqual([response.headers.get("content-type"), response.headers.get("content-disposition")], ["application/pdf", "inline"]);
  await page.keyboard.press("Escape");
  assert.equal(await page.title(), title);
  assertQuiet(page);
});

test("a German browser has a German page, with its own dates and numbers", async () => {
  const page = await open(browser, site.url, { locale: "de-AT" });
  await page.locator("input[autocomplete=username]").fill(ada.username);
  assert.equal(await page.getAttribute("html", "lang"), "de-AT");
  await page.locator("input[autocomplete=current-password]").fill(ada.password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Meine Dateien" }).waitFor();
  await page.getByText("Je Datei bis 32 MB. Nur Text, Bilder und PDF.").waitFor();
  await stored(page, "Plan.pdf").locator(".changed").getByText(/^\d\d:\d\d$/).waitFor();
  // The longer words have room on a phone, also in what is cut at the edge of the list.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("checkbox", { name: "Alle Dateien auswählen" }).click();
  assert.deepEqual(await flaws(page), []);
  const [list, ...buttons] = await page.locator(".list, .toolbar.selected button").evaluateAll((all) => all.map((it) => it.getBoundingClientRect().right));
  assert.equal(buttons.length, 3);
  for (const right of buttons) assert.ok(right <= list - 8, `${right} of ${list}`);
  assertQuiet(page);
});

test("one more file is one more language, also from right to left", async () => {
  const root = folderOf("page-hebrew");
  for (const name of ["index.html", "src"]) cpSync(join(WEB, name), join(root, name), { recursive: true });
  symlinkSync(join(WEB, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "src/languages/he.ts"), `import english, { type Texts } from "./en";
const hebrew: Texts = { ...english, direction: "rtl", places: { ...english.places, own: "הקבצים שלי" } };
export default hebrew;
`);
  const port = await freePort();
  const hebrew = await serve(await stack.variables(), port, root);
  try {
    const page = await open(browser, hebrew.url, { locale: "he-IL" });
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), ["he-IL", "rtl"]);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    assertQuiet(page);
  } finally {
    await hebrew.stop();
  }
});

test("the sign-in and the list each load at most 130 kB of JavaScript, and previews and languages when needed", async () => {
  const zipped = (name) => gzipSync(readFileSync(join(site.outDir, "assets", name))).length;
  const loaded = async (page, what) => {
    const names = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname.split("/").at(-1)).filter((it) => it.endsWith(".js")));
    const bytes = names.reduce((sum, it) => sum + zipped(it), 0);
    console.log(`${what}: ${Math.round(bytes / 1000)} kB of JavaScript`);
    assert.ok(bytes <= 130_000, `${what}: ${bytes} bytes of ${names.join(", ")}`);
    for (const later of [/^Preview-/, /^de-/, /^qr-/]) {
      assert.ok(readdirSync(join(site.outDir, "assets")).some((it) => later.test(it)), String(later));
      assert.ok(!names.some((it) => later.test(it)), `${what} loads ${later}`);
    }
  };
  const page = await open(browser, site.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await loaded(page, "the sign-in");
  await signIn(page, ada);
  await page.reload();
  await stored(page, "Plan.pdf").waitFor();
  await loaded(page, "the list");
});
