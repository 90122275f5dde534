// axe-core finds nothing in any view, light or dark, wide or narrow; and no mouse is needed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, choose, enter, launch, open, stored } from "./browser.mjs";
import { freePort, Stack } from "./cloud.mjs";
import { inspect } from "./inspect.mjs";
import { serve } from "./pages.mjs";

let browser, site, stack;

before(async () => {
  const port = await freePort();
  [stack, browser] = await Promise.all([
    Stack.apply("page-accessible", (text) => text.replaceAll("5173", String(port))),
    launch(),
  ]);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const WIDTHS = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

const names = ["edith", "katherine", "grace", "ada"];

for (const [width, screen] of Object.entries(WIDTHS)) {
  // With the pictures every pair; for axe one of each. look/states.test.mjs has all pairs of the list.
  for (const colorScheme of process.env.SCREENSHOTS ? ["light", "dark"] : [width === "desk" ? "light" : "dark"]) {
    test(`no violation at ${width} width, ${colorScheme}`, async () => {
      // axe is put into the page from outside, which the page's policy would forbid.
      const page = await open(browser, site.url, { ...screen, colorScheme, bypassCSP: true });
      const look = (view) => inspect(page, `${width}-${colorScheme}-${view}`);
      await page.getByRole("heading", { name: "Sign in" }).waitFor();
      await look("1-sign-in");
      await enter(page, { username: "nobody", password: "Wrong-password-1" });
      await page.getByText("is wrong.").waitFor();
      await look("2-wrong-password");
      await enter(page, await stack.person(`${names.pop()}@example.org`));
      await page.getByLabel("New password").fill("lovelace-1");
      await page.getByRole("button", { name: "Save and sign in" }).click();
      await page.getByText("still needs").waitFor();
      await look("3-new-password");
      await page.getByLabel("New password").fill("Lovelace-1815");
      await page.getByRole("button", { name: "Save and sign in" }).click();
      await page.getByText("Nothing here yet.").waitFor();
      await look("4-nothing-yet");
    });
  }
}

test("no violation without configuration", async () => {
  const bare = await serve({}, await freePort());
  try {
    const page = await open(browser, bare.url, { bypassCSP: true });
    await page.getByText("stackctl apply").waitFor();
    await inspect(page, "desk-light-0-setup");
  } finally {
    await bare.stop();
  }
});

test("everything can be done with the keyboard alone", async () => {
  const { username, password } = await stack.person("keys");
  const page = await open(browser, site.url);
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent);
  const press = async (...keys) => {
    for (const key of keys) await keyboard.press(key);
  };
  const tabTo = async (name) => {
    for (let steps = 0; (await focused()) !== name; steps += 1) {
      assert.ok(steps < 20, `Tab never reaches ${name}`);
      await keyboard.press("Tab");
    }
  };
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await press("Tab");
  await keyboard.type(username);
  await press("Tab");
  await keyboard.type(password);
  await press("Enter");
  await page.getByRole("heading", { name: "Choose your own password" }).waitFor();
  // The keyboard is in the first field of the new form, whose name a screen reader reads with it.
  assert.equal(await page.evaluate(() => document.activeElement.labels[0].textContent), "New password");
  await keyboard.type("Lovelace-1815");
  await press("Enter");
  await page.getByText("Nothing here yet.").waitFor();
  await tabTo("Choose files");
  const chooser = page.waitForEvent("filechooser");
  await press("Enter");
  await (await chooser).setFiles([{ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") }]);
  await stored(page, "a.txt").waitFor();
  const started = page.waitForEvent("download");
  await tabTo("Download a.txt");
  await press("Enter");
  await started;
  await tabTo("Delete a.txt");
  await press("Enter");
  await page.getByText("Nothing here yet.").waitFor();
  await page.waitForFunction(() => document.activeElement.textContent === "My files");
  await press("Control+z");
  await page.getByText("a.txt is back.").waitFor();
  await tabTo("Delete a.txt");
  await press("Enter");
  await tabTo("Undo");
  await press("Enter");
  await stored(page, "a.txt").waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute("role") === "row");
  await page.reload();
  await tabTo("Sign out");
  await press("Enter");
  await page.getByText("You are signed out.").waitFor();
  assertQuiet(page);
});
