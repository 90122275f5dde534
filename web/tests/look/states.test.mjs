// Every state of the folder and its files, at desk and phone width, light and dark: axe-core finds nothing, the layout has no
// flaw, from right to left it is mirrored, and it looks as in the small pictures of states.txt. After a change that is meant,
// `UPDATE_EXPECT=1` writes that file anew; with `SCREENSHOTS=folder` there is a large picture of each.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { choose, item, launch, open, signIn, stored } from "../browser.mjs";
import { freePort, Stack, WEB } from "../cloud.mjs";
import { assertAccessible } from "../inspect.mjs";
import { serve } from "../pages.mjs";
import { assertMirrored, flaws } from "./layout.mjs";
import { Pictures } from "./pictures.mjs";

const LIMITS = "MAX_BYTES: 18MB\n      CONTENT_TYPES: image/*,video/*,application/pdf,text/plain,application/zip";
/** Pixels. A phone has a finger in place of a mouse. */
const SCREENS = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
/** How far an upload is by now depends on the machine. */
const STILL = "progress::-webkit-progress-value { inline-size: 50% !important; transition: none !important }";
const file = (name, mimeType, kilobytes, fill = 0) => ({ name, mimeType, buffer: Buffer.alloc(kilobytes * 1024, fill) });
const FILES = [
  file("Analytical engine.pdf", "application/pdf", 640),
  file("Ετήσια αναφορά + σχέδια 2026.txt", "text/plain", 2, "Καλημέρα, κόσμε. "),
  file("All drawings of the difference engine, scanned in the spring.zip", "application/zip", 2100),
];

let browser, site, stack;

before(async () => {
  const port = await freePort();
  const change = (text) =>
    text
      .replaceAll("5173", String(port))
      .replace("URL_EXPIRES: 10s", LIMITS)
      .replace("    on_destroy: empty\n", `    on_destroy: empty
    access:
      uploads/{sub}/: { owner: [put, get, list, delete, multipart] }
      shared/{group}/: { members: [put, get, list] }
      notices/: { signed-in: [get, list] }
`)
      .replace(/uploads: \{ prefix.*\}/, "uploads: [put, get, list, delete, multipart]")
      .replace("    deletion_protection: false", "    deletion_protection: false\n    groups: [team-a]");
  browser = await launch();
  stack = await Stack.apply("page-states", change);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** A sky and a sea, as a PNG. */
async function coast(page) {
  const base64 = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1200, 800);
    const context = canvas.getContext("2d");
    const paint = (from, to, colours) => {
      context.fillStyle = context.createLinearGradient(0, from, 0, to);
      colours.forEach((it, index) => context.fillStyle.addColorStop(index / (colours.length - 1), it));
      context.fillRect(0, from, 1200, to - from);
    };
    paint(0, 500, ["#2b3a67", "#b56576", "#ffb56b"]);
    paint(500, 800, ["#e88c6d", "#355070", "#1d2b4a"]);
    context.fillStyle = "#fff1d0";
    context.arc(800, 440, 70, 0, 7);
    context.fill();
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(""));
  });
  return { name: "Coast in the evening.png", mimeType: "image/png", buffer: Buffer.from(base64, "base64") };
}

/** Looks at a view on each screen, without loading the page again. */
async function lookAt(page, pictures) {
  const session = await page.context().newCDPSession(page);
  const show = async (width, colorScheme) => {
    const mobile = width === "phone";
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await session.send("Emulation.setTouchEmulationEnabled", { enabled: mobile });
    await session.send("Emulation.setDeviceMetricsOverride", { ...SCREENS[width], deviceScaleFactor: 1, mobile });
    // A window that changes its size scrolls to where the focus is, and a transition ends.
    await page.evaluate(() => new Promise((done) => (window.scrollTo(0, 0), requestAnimationFrame(() => requestAnimationFrame(done)))));
  };
  return async (view) => {
    const found = [];
    for (const width of Object.keys(SCREENS)) {
      for (const colorScheme of ["light", "dark"]) {
        const name = `${width}-${colorScheme}-${view}`;
        await show(width, colorScheme);
        const capture = async () => (await session.send("Page.captureScreenshot", { format: "png" })).data;
        if (process.env.SCREENSHOTS) {
          mkdirSync(process.env.SCREENSHOTS, { recursive: true });
          writeFileSync(join(process.env.SCREENSHOTS, `${name}.png`), Buffer.from(await capture(), "base64"));
        }
        const still = await page.addStyleTag({ content: STILL });
        found.push(await pictures.compare(page, name, await capture()));
        await still.evaluate((it) => it.remove());
        await assertAccessible(page, name);
        if (colorScheme === "dark") continue;
        found.push(...(await flaws(page)).map((it) => `${name}: ${it}`));
        await assertMirrored(page, name);
      }
    }
    await show("desk", "light");
    const all = found.filter(Boolean);
    assert.deepEqual(all, [], all.join("\n"));
  };
}

/** Without a style sheet, or with a button over another one, the view would not have passed. */
async function assertBreaksAreNoticed(page, pictures) {
  const picture = async () => (await page.screenshot()).toString("base64");
  const name = "desk-light-empty";
  assert.equal(await pictures.compareBroken(page, name, await picture()), undefined);
  const sheets = await page.evaluate(() => document.styleSheets.length);
  for (let index = 0; index < sheets; index += 1) {
    const disable = (it) => page.evaluate(([index, it]) => void (document.styleSheets[index].disabled = it), [index, it]);
    await disable(true);
    const found = [await pictures.compareBroken(page, name, await picture()), ...(await flaws(page))];
    assert.ok(found.some(Boolean), `without style sheet ${index} nothing is noticed`);
    await disable(false);
  }
  for (const broken of [".who { position: absolute; inset: 0; z-index: 1 }", ".zone button { min-width: 90rem }", ".places button { width: 3rem }"]) {
    const style = await page.addStyleTag({ content: broken });
    assert.notDeepEqual(await flaws(page), [], broken);
    await style.evaluate((it) => it.remove());
  }
}

test("every state, on every screen", async () => {
  const name = "ada@example.org";
  const person = await stack.settledPerson(name);
  await stack.run("group", "add", "team-a", name);
  // axe is put into the page from outside, which the page's policy would forbid.
  const page = await open(browser, site.url, { viewport: SCREENS.desk, bypassCSP: true });
  const pictures = new Pictures(join(WEB, "tests/look/states.txt"));
  const look = await lookAt(page, pictures);
  const isList = (url) => url.searchParams.has("list-type");
  const go = (folder) => page.getByRole("navigation", { name: "Folders" }).getByRole("button", { name: folder }).click();
  const press = (button) => page.getByRole("button", { name: button, exact: true }).click();

  await signIn(page, person);
  await page.getByText("Nothing here yet.").waitFor();
  await look("empty");
  await assertBreaksAreNoticed(page, pictures);

  // One after the other, so that their order is always the same.
  for (const it of [FILES[0], await coast(page), ...FILES.slice(1)]) {
    await choose(page, [it]);
    await stored(page, it.name).waitFor();
  }
  const network = await page.context().newCDPSession(page);
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 500 * 1024 };
  await network.send("Network.emulateNetworkConditions", slow);
  await choose(page, [
    file("Holiday film, uncut.mov", "video/quicktime", 19_000), file("setup.exe", "application/x-msdownload", 1),
    file("Holiday at the sea.jpg", "image/jpeg", 11_500), file("Survey of the coast.tif", "image/tiff", 17_500),
  ]);
  await item(page, /failed$/, "Holiday film").getByText("This file is too large").waitFor();
  await page.getByText(/of 11 MB, [1-9]\d%/).waitFor();
  await page.getByText(/ left$/).waitFor();
  await look("files");

  await press("Pause Survey of the coast.tif");
  await press("Cancel Holiday at the sea.jpg");
  await page.getByText("17 MB, 0%, paused").or(page.getByText(/ of 17 MB, \d+%, paused/)).waitFor();
  // A message with the focus stays.
  await page.getByRole("button", { name: "Undo" }).focus();
  await look("paused");
  await network.send("Network.emulateNetworkConditions", { ...slow, uploadThroughput: -1 });
  await page.reload();
  await item(page, "Unfinished uploads", "Survey").waitFor();
  await stored(page, "Analytical").waitFor();
  await look("unfinished");
  await press("Cancel Survey of the coast.tif");

  await page.getByRole("checkbox", { name: "Select Analytical engine.pdf" }).click();
  await look("selected");
  await press("Delete");
  await page.getByText("Analytical engine.pdf deleted.").waitFor();
  await page.getByRole("button", { name: "Undo" }).focus();
  await look("deleted");
  await press("Undo");
  await stored(page, "Analytical").waitFor();
  await press("Close the message");

  // So many are asked about.
  for (const name of ["Letters to Babbage.txt", "Notes on the engine.txt"]) {
    await choose(page, [file(name, "text/plain", 1)]);
    await stored(page, name).waitFor();
  }
  await press("Close");
  await page.getByRole("checkbox", { name: "Select all files" }).click();
  await press("Delete");
  await page.getByRole("dialog").waitFor();
  await look("question");
  await press("Keep");
  await press("Clear the selection");

  await page.getByRole("searchbox").fill("difference zebra");
  await page.getByText("0 of 6 files").waitFor();
  await look("found-nothing");
  await page.getByRole("searchbox").fill("");

  const drag = (type) => page.evaluate((type) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["notes"], "notes.txt", { type: "text/plain" }));
    document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
  }, type);
  await drag("dragenter");
  await page.getByText("Let go to upload").waitFor();
  await look("over");
  await drag("dragleave");
  await page.getByText("Let go to upload").waitFor({ state: "detached" });

  for (const [view, part] of [["image", "Coast"], ["text", "Ετήσια"], ["none", "All drawings"]]) {
    await stored(page, part).getByRole("button", { name: /^Open/ }).click();
    await page.getByRole("dialog").locator("img, pre, .no-preview").waitFor();
    await look(`preview-${view}`);
    if (view === "none") {
      await press("Copy link");
      await page.getByRole("dialog").getByRole("button", { name: "Close the message" }).focus();
      await look("message-in-dialog");
      await press("Close the message");
    }
    await press("Close");
  }

  await go("notices");
  await page.getByText("You can see this folder").waitFor();
  await look("read-only");

  let answer;
  await page.route(isList, (route) => (answer = () => route.continue()) && undefined);
  await go("team-a");
  await page.getByText("Reading the list…").waitFor({ state: "attached" });
  await look("loading");
  await answer();
  await page.getByText("Nothing here yet.").waitFor();
  await page.unroute(isList);

  await page.route(isList, (route) => route.fulfill({ status: 500, contentType: "application/xml", body: "<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>", headers: { "access-control-allow-origin": "*" } }));
  await go("My files");
  await page.getByText("The list can't be shown").waitFor();
  await look("error");
  await page.unroute(isList);
  await press("Try again");
  await stored(page, "Analytical").waitFor();

  await page.context().setOffline(true);
  await page.getByText("You are offline.").waitFor();
  await look("offline");
  await page.context().setOffline(false);

  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (/\.(refreshToken|idToken|accessToken)$/.test(key)) localStorage.removeItem(key);
  });
  await press("Refresh");
  await page.getByText("Your session has ended.").waitFor();
  await look("expired");
  assert.deepEqual(pictures.finish(), [], "pictures of views that are no more; UPDATE_EXPECT=1 takes them away");
  await page.context().close();
});
