// Previews of audio and video: a sound that the test writes, and a film that the browser records. Nothing of a file has the
// page's origin, with any name.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, choose, launch, open, signIn, stored } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";

let browser, site, stack, ada;

before(async () => {
  const port = await freePort();
  browser = await launch();
  stack = await Stack.apply("page-media", (it) => it.replaceAll("5173", String(port)).replace("URL_EXPIRES: 10s", "MAX_BYTES: 32MB"));
  site = await serve(await stack.variables(), port);
  ada = await stack.settledPerson("ada");
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/** A tone of half a second as WAV: one channel, 8 bits, 8 kHz. */
function sound() {
  const samples = Buffer.from(Array.from({ length: 4000 }, (_, index) => 128 + Math.round(60 * Math.sin(index / 3))));
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** A few pictures of 64 by 48 pixels as WebM. */
async function film(page) {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 64, height: 48 });
    const context = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
    const pieces = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const ended = new Promise((done) => (recorder.onstop = done));
    recorder.start();
    for (let shade = 0; shade < 12; shade += 1) {
      context.fillStyle = `hsl(${30 * shade} 80% 50%)`;
      context.fillRect(0, 0, 64, 48);
      await new Promise((done) => setTimeout(done, 50));
    }
    recorder.stop();
    await ended;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return btoa(String.fromCharCode(...bytes));
  });
  return Buffer.from(base64, "base64");
}

/** Plays the element in the dialog to a moment after its beginning; what it is then. */
function played(page, tag) {
  return page.locator(`dialog ${tag}`).evaluate(async (it) => {
    it.muted = true;
    await it.play();
    while (it.currentTime < 0.1) await new Promise((done) => setTimeout(done, 20));
    return { duration: it.duration, width: it.videoWidth, height: it.videoHeight, origin: new URL(it.currentSrc).origin, controls: it.controls };
  });
}

test("a sound and a film play, and what is none of them says so", async () => {
  const page = await open(browser, site.url);
  await signIn(page, ada);
  const files = [
    { name: "tone.wav", mimeType: "audio/wav", buffer: sound() },
    { name: "film.webm", mimeType: "video/webm", buffer: await film(page) },
    { name: "page.mp4", mimeType: "text/html", buffer: Buffer.from("<script>parent.document.title = 'run'; top.document.title = 'run'</script>") },
    { name: "drawing.svg", mimeType: "image/svg+xml", buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="50" height="40"><script>parent.document.title = "run"</script><rect width="50" height="40"/></svg>') },
  ];
  await choose(page, files);
  for (const { name } of files) await stored(page, name).waitFor();
  const title = await page.title();
  const bucket = new URL(stack.outputs.cognito_endpoint).origin;
  const own = new URL(page.url()).origin;
  assert.notEqual(bucket, own);
  const fromOwn = [];
  page.on("request", (it) => ["media", "image", "document"].includes(it.resourceType()) && it.url().startsWith(own) && fromOwn.push(it.url()));
  const preview = async (name) => {
    await stored(page, name).getByRole("button", { name: `Open ${name}` }).click();
    const dialog = page.getByRole("dialog", { name });
    await dialog.waitFor();
    return dialog;
  };

  await preview("tone.wav");
  const tone = await played(page, "audio");
  assert.deepEqual({ ...tone, duration: Math.round(10 * tone.duration) }, { duration: 5, width: undefined, height: undefined, origin: bucket, controls: true });
  await page.keyboard.press("Escape");

  const dialog = await preview("film.webm");
  const { width, height, origin, controls } = await played(page, "video");
  assert.deepEqual({ width, height, origin, controls }, { width: 64, height: 48, origin: bucket, controls: true });
  // In a player the arrows are the player's; elsewhere they lead to the next file.
  await page.locator("dialog video").focus();
  await page.keyboard.press("ArrowRight");
  await dialog.waitFor();
  await page.keyboard.press("Escape");

  // What could run scripts is signed as bytes, which no browser shows.
  for (const name of ["page.mp4", "drawing.svg"]) {
    await (await preview(name)).getByText("This file can't be shown.").waitFor();
    await page.keyboard.press("Escape");
  }

  assert.deepEqual(fromOwn, [], "nothing of a file comes from the page's origin");
  assert.equal(await page.title(), title);
  assertQuiet(page);
});

test("a download is in a sandbox that runs nothing, and a PDF in a frame of the bucket's origin", async () => {
  const page = await open(browser, site.url);
  await signIn(page, ada);
  await choose(page, [{ name: "plan.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n") }]);
  await stored(page, "plan.pdf").waitFor();
  const started = page.waitForEvent("download");
  await stored(page, "plan.pdf").getByRole("button", { name: "Download plan.pdf" }).click();
  await started;
  const bucket = new URL(stack.outputs.cognito_endpoint).origin;
  const frames = () => page.locator("iframe").evaluateAll((all) => all.map((it) => [it.getAttribute("sandbox"), new URL(it.src).origin, it.referrerPolicy]));
  assert.deepEqual(await frames(), [["allow-downloads", bucket, "no-referrer"]]);
  await stored(page, "plan.pdf").getByRole("button", { name: "Open plan.pdf" }).click();
  await page.locator("dialog iframe").waitFor();
  assert.deepEqual((await frames()).at(-1).slice(1), [bucket, "no-referrer"]);
  // The page's policy names the bucket alone for frames and media.
  const policy = await page.locator("meta[http-equiv=Content-Security-Policy]").getAttribute("content");
  for (const rule of ["frame-src", "media-src"]) assert.match(policy, new RegExp(`${rule} ${bucket};`));
  assertQuiet(page);
});
