// The brand of the page: a name and a logo by the configuration, and the six variables of tokens.css, each seen in the page.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { answer, tokens, variables } from "../accounts/cognito.mjs";
import { assertQuiet, enter, launch, open } from "../browser.mjs";
import { folderOf, freePort, WEB } from "../cloud.mjs";
import { assertAccessible } from "../inspect.mjs";
import { serve } from "../pages.mjs";

const BRAND = {
  "--brand": "rgb(0, 95, 80)",
  "--brand-text": "rgb(255, 250, 240)",
  "--brand-dark": "rgb(120, 220, 200)",
  "--brand-text-dark": "rgb(0, 30, 25)",
  "--brand-font": '"DejaVu Serif", serif',
  "--brand-radius": "2px",
};
const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20"><rect width="40" height="20" fill="#005f50"/></svg>';

let browser, root;

before(async () => {
  browser = await launch();
  root = folderOf("page-brand");
  for (const name of ["index.html", "src", "public"]) cpSync(join(WEB, name), join(root, name), { recursive: true });
  symlinkSync(join(WEB, "node_modules"), join(root, "node_modules"));
  mkdirSync(join(root, "public"), { recursive: true });
  writeFileSync(join(root, "public/logo.svg"), LOGO);
  const tokens = join(root, "src/style/tokens.css");
  const lines = Object.entries(BRAND).map(([name, value]) => [new RegExp(`^  ${name}: .*;$`, "m"), `  ${name}: ${value};`]);
  writeFileSync(tokens, lines.reduce((text, [line, now]) => {
    assert.match(text, line);
    return text.replace(line, now);
  }, readFileSync(tokens, "utf8")));
});

after(() => browser?.close());

/** Signs in on a page with these variables more, and looks at it. */
async function withBrand(more, use) {
  const site = await serve({ ...variables(""), ...more }, await freePort(), root);
  try {
    const page = await open(browser, site.url);
    await answer(page, { RespondToAuthChallenge: () => tokens() });
    await use(page);
    await page.context().close();
  } finally {
    await site.stop();
  }
}

const signIn = async (page) => {
  await enter(page, { username: "ada", password: "Lovelace-1815" });
  await page.getByRole("button", { name: "Sign out" }).waitFor();
};
const look = (locator) => locator.evaluate((it) => {
  const { backgroundColor, color, fontFamily, borderRadius } = getComputedStyle(it);
  return { backgroundColor, color, fontFamily, borderRadius };
});

test("the six variables are the page's colours, font and roundness, in the light and in the dark", async () => {
  await withBrand({ VITE_BRAND_NAME: "Rivers & Co", VITE_BRAND_LOGO: "/logo.svg" }, async (page) => {
    const button = page.getByRole("button", { name: "Sign in" });
    assert.equal(await page.title(), "Rivers & Co");
    assert.equal(await page.locator("header .brand").textContent(), "Rivers & Co", "above the sign-in");
    assert.equal(await page.locator("header .brand img").evaluate((it) => it.naturalWidth), 40);
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    assert.deepEqual(await look(button), {
      backgroundColor: BRAND["--brand"], color: BRAND["--brand-text"], fontFamily: BRAND["--brand-font"], borderRadius: BRAND["--brand-radius"],
    });
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    const { backgroundColor, color } = await look(button);
    assert.deepEqual([backgroundColor, color], [BRAND["--brand-dark"], BRAND["--brand-text-dark"]]);

    await signIn(page);
    const brand = page.locator("header .brand");
    assert.equal(await brand.textContent(), "Rivers & Co");
    assert.deepEqual(await brand.locator("img").evaluate((it) => [it.naturalWidth, new URL(it.src).origin === location.origin, it.alt]), [40, true, ""]);
    assertQuiet(page, /^Failed to load resource|^Access to fetch/);
  });
});

test("without them the page has its own name and sign, and a logo of another origin is not loaded", async () => {
  await withBrand({}, async (page) => {
    await signIn(page);
    assert.equal(await page.locator("header .brand").textContent(), "Uploads");
    assert.equal(await page.locator("header .brand img").count(), 0);
    await page.locator("header .brand svg").waitFor();
  });
  await withBrand({ VITE_BRAND_LOGO: "https://elsewhere.test/logo.svg", VITE_COGNITO_ENDPOINT: "" }, async (page) => {
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    // AWS sends its messages: there is no word about the local cloud.
    assert.equal(await page.getByText("local cloud").count(), 0);
    await page.locator("header .brand img").waitFor({ state: "attached" });
    assert.equal(await page.locator("header .brand img").evaluate((it) => it.naturalWidth), 0);
    assert.ok(page.said.some((it) => it.includes("https://elsewhere.test/logo.svg") && it.includes("img-src")), page.said.join("\n"));
  });
});

test("a brand with enough contrast leaves no violation", async () => {
  const site = await serve({ ...variables("sign_up=open"), VITE_BRAND_NAME: "Rivers & Co", VITE_BRAND_LOGO: "/logo.svg" }, await freePort(), root);
  try {
    const page = await open(browser, site.url, { bypassCSP: true });
    await answer(page, { RespondToAuthChallenge: () => tokens() });
    await signIn(page);
    await page.getByRole("heading", { name: "My files" }).waitFor();
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await assertAccessible(page, colorScheme);
    }
  } finally {
    await site.stop();
  }
});
