// Debian's Chromium, driven by Playwright, and what every test does in it.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { folderOf } from "./cloud.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS });
}

/** A window of its own, with nothing remembered; what the page said in the console is kept, for `assertQuiet`. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, acceptDownloads: true, ...options });
  // Playwright has no event for this dialog. Without it the page asks as Firefox and Safari do.
  await context.addInitScript(() => delete window.showOpenFilePicker);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.said = [];
  page.on("console", (message) => message.type() === "error" && page.said.push(`${message.text()} (${message.location().url}:${message.location().lineNumber})`));
  page.on("pageerror", (error) => page.said.push(String(error)));
  // Known from the start, or the first one would be opened before anybody looks.
  page.on("filechooser", () => {});
  await page.goto(url);
  return page;
}

/** Nothing was blocked by the policy, and no code of the page failed. What servers refused is `expected`. */
export function assertQuiet(page, expected = /^Failed to load resource/) {
  assert.deepEqual(page.said.filter((it) => !expected.test(it)), []);
}

export async function enter(page, { username, password }) {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signIn(page, person) {
  await enter(page, person);
  await page.getByRole("heading", { name: "Upload files" }).waitFor();
}

/** Chooses files as a person does: a path, or a list of `{ name, mimeType, buffer }`. */
export async function choose(page, files) {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles(isLarge(files) ? written(files) : files);
}

function isLarge(files) {
  return typeof files !== "string" && files.reduce((sum, { buffer }) => sum + buffer.length, 0) > 1024 * 1024;
}

/** The paths of files with these contents. Playwright sends a buffer through its own connection, which takes long. */
function written(files) {
  const folder = mkdtempSync(join(folderOf("chosen"), "files-"));
  return files.map(({ name, buffer }) => {
    writeFileSync(join(folder, name), buffer);
    return join(folder, name);
  });
}

/** The row of a file or an upload in the list of files. */
export function row(page, name) {
  return page.getByRole("row").filter({ hasText: name });
}

/** The item of an upload in the region with this heading: one that failed, or one that an earlier page left. */
export function item(page, heading, name) {
  return page.getByRole("region", { name: heading }).getByRole("listitem").filter({ hasText: name });
}

/** The row of a file that is in the bucket: only these can be selected. */
export function stored(page, name) {
  return row(page, name).filter({ has: page.getByRole("checkbox") });
}

/** The id token that Amplify keeps. */
export function idToken(page) {
  return page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(".idToken"))?.[1]);
}
