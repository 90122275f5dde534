// The authenticator app: set up with its QR code, asked for at the sign-in, turned off; and lost.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import decodeQR from "qr/decode.js";
import { assertQuiet, enter, launch, open, signIn } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";
import { answer, refused, totp, variables } from "./cognito.mjs";

let browser, mocked, site, stack, strict, strictSite;

/** A stack whose user pool has these lines too, and its page. */
async function published(name, lines) {
  const port = await freePort();
  const stack = await Stack.apply(name, (text) => text.replaceAll("5173", String(port)).replace("deletion_protection: false", ["deletion_protection: false", ...lines].join("\n    ")));
  return [stack, await serve(await stack.variables(), port)];
}

before(async () => {
  browser = await launch();
  [stack, site] = await published("page-authenticator", ["mfa: optional"]);
  [strict, strictSite] = await published("page-required", ["mfa: required", "sign_up: open"]);
  mocked = await serve(variables("sign_up=admin,mfa=required"), await freePort());
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await strictSite?.stop();
  await mocked?.stop();
});

const button = (page, name) => page.getByRole("button", { name, exact: true });
const code = (page) => page.getByRole("textbox", { name: "Code" });
const files = (page) => page.getByRole("heading", { name: "Upload files" });

/** What the QR code says, by its picture. */
async function scan(page) {
  await page.locator(".qr path[d]").waitFor();
  const picture = await page.locator(".qr").screenshot({ scale: "css" });
  const blank = await page.context().newPage();
  const image = await blank.evaluate(async (url) => {
    const bitmap = await createImageBitmap(await (await fetch(url)).blob());
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    return { width, height, data: [...context.getImageData(0, 0, width, height).data] };
  }, `data:image/png;base64,${picture.toString("base64")}`);
  await blank.close();
  return decodeQR({ ...image, data: Uint8ClampedArray.from(image.data) });
}

test("an app is set up by its QR code, is asked for at the sign-in, and is turned off", async () => {
  const person = await stack.settledPerson("ada+files@example.org");
  const page = await open(browser, site.url, { colorScheme: "dark" });
  await signIn(page, person);
  await button(page, "Account").click();
  await page.getByText("Off: signing in asks for the password alone.").waitFor();
  await button(page, "Set up").click();
  const uri = new URL(await scan(page));
  assert.equal(`${uri.host}${decodeURIComponent(uri.pathname)}`, "totp/Uploads:ada+files@example.org");
  const secret = uri.searchParams.get("secret");
  assert.equal(uri.searchParams.get("issuer"), "Uploads");
  assert.equal((await page.locator(".new-key code").textContent()).replaceAll(" ", ""), secret);

  await code(page).fill(totp(secret, 40));
  await button(page, "Confirm").click();
  await page.getByText("The code is wrong or used already.").waitFor();
  // People type codes as their apps show them.
  await code(page).fill(totp(secret).replace(/^.../, "$& "));
  await button(page, "Confirm").click();
  await page.getByText("The authenticator app is set up.").waitFor();
  await page.getByText("On: signing in asks for its code.").waitFor();
  await button(page, "Close").click();
  await button(page, "Sign out").click();

  await enter(page, person);
  await page.getByRole("heading", { name: "Enter the code of your app" }).waitFor();
  assert.deepEqual(await code(page).evaluate((it) => [it.autocomplete, it.inputMode, it === document.activeElement]), ["one-time-code", "numeric", true]);
  await code(page).fill(totp(secret, 40));
  await button(page, "Sign in").click();
  await page.getByText("The code is wrong or used already. Enter the one that the app shows now.").waitFor();
  await page.getByText("Lost the device with the app?").click();
  await page.getByText("Ask the administrator of this page to remove it from your account.").waitFor();
  // AWS takes each code once, and those of the intervals before and after.
  await code(page).fill(totp(secret, 1));
  await button(page, "Sign in").click();
  await files(page).waitFor();

  await button(page, "Account").click();
  await button(page, "Turn off").click();
  await page.getByText("The authenticator app is off.").waitFor();
  await button(page, "Close").click();
  await button(page, "Sign out").click();
  await signIn(page, person);
  assertQuiet(page);
});

test("two people at once: each has an app of their own", async () => {
  const people = await Promise.all(["grace", "edith"].map((name) => stack.settledPerson(name)));
  const secrets = await Promise.all(people.map(async (person) => {
    const page = await open(browser, site.url);
    await signIn(page, person);
    await button(page, "Account").click();
    await button(page, "Set up").click();
    const secret = new URL(await scan(page)).searchParams.get("secret");
    await code(page).fill(totp(secret));
    await button(page, "Confirm").click();
    await page.getByText("The authenticator app is set up.").waitFor();
    return secret;
  }));
  assert.notEqual(secrets[0], secrets[1]);
  const pages = await Promise.all(people.map(async (person) => {
    const page = await open(browser, site.url);
    await enter(page, person);
    await code(page).waitFor();
    return page;
  }));
  await code(pages[0]).fill(totp(secrets[1]));
  await button(pages[0], "Sign in").click();
  await pages[0].getByText("The code is wrong").waitFor();
  await Promise.all(pages.map(async (page, index) => {
    await code(page).fill(totp(secrets[index], 1));
    await button(page, "Sign in").click();
    await files(page).waitFor();
    assert.equal(await page.locator(".who").textContent(), `Signed in as ${people[index].username}`);
  }));
});

/** Sets up an app at the sign-in; its key. */
async function setUp(page) {
  await page.getByRole("heading", { name: "Set up an authenticator app" }).waitFor();
  const secret = new URL(await scan(page)).searchParams.get("secret");
  await code(page).fill(totp(secret, 40));
  await button(page, "Confirm").click();
  await page.getByText("The code is wrong or used already.").waitFor();
  await code(page).fill(totp(secret));
  await button(page, "Confirm").click();
  await files(page).waitFor();
  return secret;
}

test("where the pool requires an app, the first sign-in sets it up; after a lost device, another one", async () => {
  const page = await open(browser, strictSite.url);
  const { username, password } = await strict.person("ada");
  await enter(page, { username, password });
  await page.getByLabel("New password").fill("Lovelace-1815");
  await button(page, "Save and sign in").click();
  const secret = await setUp(page);
  // A required app can be replaced, and not be turned off.
  await button(page, "Account").click();
  await button(page, "Move to another device").waitFor();
  assert.equal(await button(page, "Turn off").count(), 0);
  await button(page, "Close").click();
  await button(page, "Sign out").click();

  await enter(page, { username, password: "Lovelace-1815" });
  await code(page).fill(totp(secret, 1));
  await button(page, "Sign in").click();
  await files(page).waitFor();
  await button(page, "Sign out").click();

  await strict.run("user", "reset-mfa", username);
  await enter(page, { username, password: "Lovelace-1815" });
  assert.notEqual(await setUp(page), secret);
  assertQuiet(page);
});

// Cognito lets the first sign-in after a sign-up pass without the required app.
test("a new account sets up the required app before it is used", async () => {
  const page = await open(browser, strictSite.url);
  await button(page, "Create an account").click();
  await page.getByRole("heading", { name: "Create an account" }).waitFor();
  await page.getByLabel("User name").fill("grace");
  await page.getByLabel("Email address").fill("grace@example.org");
  await page.getByLabel("Password", { exact: true }).fill("Hopper-1906");
  await button(page, "Create account").click();
  await code(page).fill(await strict.code("grace@example.org"));
  await button(page, "Confirm and sign in").click();
  await setUp(page);
  assertQuiet(page);
});

test("a session that ran out during the set-up begins the sign-in again (mocked Cognito)", async () => {
  const page = await open(browser, mocked.url);
  await answer(page, {
    RespondToAuthChallenge: ({ ChallengeName }) =>
      ChallengeName === "PASSWORD_VERIFIER" ? { ChallengeName: "SOFTWARE_TOKEN_MFA", ChallengeParameters: {}, Session: "one" } : refused("NotAuthorizedException", "Invalid session for the user, session is expired.")(),
  });
  await enter(page, { username: "ada", password: "Lovelace-1815" });
  await code(page).fill("123456");
  await button(page, "Sign in").click();
  await page.getByText("That took too long. Sign in again from the start.").waitFor();
  assert.equal(await page.getByLabel("User name").inputValue(), "ada");
  assertQuiet(page);
});
