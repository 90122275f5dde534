// Folders by the access rules of a stack: two people in two groups, and what each may do where.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertQuiet, choose, launch, open, row, signIn, stored } from "./browser.mjs";
import { freePort, Stack, WEB } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const ACCESS = `
    access:
      uploads/{sub}/: { owner: [put, get, list, delete, multipart], admins: [get, list] }
      shared/{group}/: { members: [put, get, list] }
      notices/: { signed-in: [get, list], admins: [put] }
      inbox/: { signed-in: [put] }
      thumbnails/{sub}/: { owner: [get, list] }
`;

let browser, site, stack;

before(async () => {
  const port = await freePort();
  const change = (text) =>
    text
      .replaceAll("5173", String(port))
      .replace("    on_destroy: empty\n", `    on_destroy: empty${ACCESS}`)
      .replace(/uploads: \{ prefix.*\}/, "uploads: [put, get, list, delete, multipart]")
      .replace("    deletion_protection: false", "    deletion_protection: false\n    groups: [team-a, team-b, admins]");
  browser = await launch();
  stack = await Stack.apply("page-folders", change);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

async function signedIn(name, ...groups) {
  const person = await stack.settledPerson(name);
  for (const group of groups) await stack.run("group", "add", group, name);
  const page = await open(browser, site.url);
  await signIn(page, person);
  return page;
}

const places = (page) => page.getByRole("navigation", { name: "Folders" });
const names = (page) => places(page).getByRole("button").evaluateAll((all) => all.map((it) => it.textContent.trim()));
const go = async (page, name) => {
  await places(page).getByRole("button", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
};
const text = (name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(`this is ${name}`) });

test("each person has a place for their own files and for those of their groups", async () => {
  const ada = await signedIn("ada", "team-a");
  const bea = await signedIn("bea", "team-a", "team-b");
  assert.deepEqual(await names(ada), ["My files", "inboxUpload only", "noticesView only", "team-ashared"]);
  assert.deepEqual(await names(bea), ["My files", "inboxUpload only", "noticesView only", "team-ashared", "team-bshared"]);

  await choose(ada, [text("own.txt")]);
  await stored(ada, "own.txt").waitFor();
  await go(ada, "team-a");
  await ada.getByText("Nothing here yet.").waitFor();
  await choose(ada, [text("plans.txt")]);
  await stored(ada, "plans.txt").waitFor();
  // The rules let members list and fetch, and delete nothing.
  assert.equal(await ada.getByRole("button", { name: "Download plans.txt" }).count(), 1);
  assert.equal(await ada.getByRole("button", { name: "Delete plans.txt" }).count(), 0);

  await go(bea, "team-a");
  await stored(bea, "plans.txt").waitFor();
  await choose(bea, [text("answer.txt")]);
  await stored(bea, "answer.txt").waitFor();
  await go(bea, "team-b");
  await bea.getByText("Nothing here yet.").waitFor();
  await choose(bea, [text("secret.txt")]);
  await stored(bea, "secret.txt").waitFor();

  // A reload stays in the folder.
  await ada.reload();
  await ada.getByRole("heading", { level: 1, name: "team-a" }).waitFor();
  await stored(ada, "answer.txt").waitFor();
  assert.equal(await ada.getByText("secret.txt").count(), 0);
  await go(ada, "My files");
  await stored(ada, "own.txt").waitFor();
  assert.equal(await row(ada, "plans.txt").count(), 0);
  assertQuiet(ada);
  assertQuiet(bea);
});

test("a folder that the person may only read takes no files, one that may only be filled shows none", async () => {
  const page = await signedIn("cleo");
  await go(page, "notices");
  await page.getByText("You can see this folder, but not upload to it.").waitFor();
  assert.equal(await page.getByRole("button", { name: "Choose files" }).count(), 0);
  const transfer = await page.evaluateHandle(() => {
    const it = new DataTransfer();
    it.items.add(new File(["x"], "dropped.txt"));
    return it;
  });
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("header", event, { dataTransfer: transfer });
  assert.equal(await page.getByRole("heading", { name: "Let go to upload" }).count(), 0);
  await go(page, "inbox");
  await page.getByText("Files that you upload here are not listed.").waitFor();
  await choose(page, [text("letter.txt")]);
  await row(page, "letter.txt").getByText("uploaded").waitFor();
  assert.equal(await row(page, "dropped.txt").count(), 0);
  assertQuiet(page);
});

test("thumbnails that a function made are shown, and their folder is no place", async () => {
  const page = await signedIn("edith");
  assert.deepEqual(await names(page), ["My files", "inboxUpload only", "noticesView only"]);
  // The browser can't read it: any picture is the function's.
  const answer = page.waitForResponse((response) => response.url().endsWith("/uploads") && response.request().method() === "POST");
  await choose(page, [{ name: "raw.png", mimeType: "image/png", buffer: Buffer.from("no image") }]);
  const { key } = await (await answer).json();
  await stored(page, "raw.png").waitFor();
  await stack.put(`${key.replace("uploads/", "thumbnails/")}.jpg`, readFileSync(join(WEB, "../docs/page.png")));
  await page.reload();
  await stored(page, "raw.png").locator("canvas").waitFor();
  assertQuiet(page);
});

test("an administrator sees the files of all, and fills what others only read", async () => {
  const page = await signedIn("dora", "admins");
  assert.deepEqual(await names(page), ["My files", "inboxUpload only", "notices", "adminsshared", "All of uploadsView only"]);
  await go(page, "All of uploads");
  await stored(page, "own.txt").waitFor();
  await go(page, "notices");
  await choose(page, [text("welcome.txt")]);
  await stored(page, "welcome.txt").waitFor();
  assertQuiet(page);
});
