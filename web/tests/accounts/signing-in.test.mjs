// The first sign-in, the ones after it, and the ones that fail.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, enter, launch, open, signIn } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";

let browser, site, stack;

before(async () => {
  const port = await freePort();
  [stack, browser] = await Promise.all([
    // Tokens of five minutes, so that a clock set ahead sees them run out.
    Stack.apply("page-sign-in", (text) => text.replaceAll("5173", String(port)).replace("web: {}", "web: { access_token: 5m, id_token: 5m }")),
    launch(),
  ]);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const problem = (page) => page.getByRole("alert").filter({ hasText: /./ });
const files = (page) => page.getByRole("heading", { name: "Upload files" });

test("first sign-in: the temporary password is replaced, and the pool's rules are shown", async () => {
  const ada = await stack.person("ada");
  const page = await open(browser, site.url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  // Only an administrator makes accounts in this pool.
  assert.equal(await page.getByRole("button", { name: "Create an account" }).count(), 0);
  await enter(page, ada);
  await page.getByRole("heading", { name: "Choose your own password" }).waitFor();
  const rules = page.getByRole("listitem");
  assert.deepEqual((await rules.allTextContents()).map((it) => it.trim()), [
    "at least 8 characters", "a lower-case letter", "an upper-case letter", "a digit", "a symbol (such as - or !)",
  ]);
  const field = page.getByLabel("New password");
  await field.fill("lovelace");
  assert.deepEqual(await page.locator(".rules .kept").allTextContents(), ["at least 8 characters: it has", "a lower-case letter: it has"]);
  await page.getByRole("button", { name: "Save and sign in" }).click();
  assert.equal(await problem(page).textContent(), "The new password still needs an upper-case letter, a digit, and a symbol (such as - or !).");
  await field.fill("Lovelace-1815");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await files(page).waitFor();
  assert.equal(await page.locator(".who").textContent(), "Signed in as ada");
  assertQuiet(page);

  // The temporary password is worth nothing any more; the new one is.
  const again = await open(browser, site.url);
  await enter(again, ada);
  assert.equal(await problem(again).textContent(), "The user name or the password is wrong.");
  await signIn(again, { username: "ada", password: "Lovelace-1815" });
});

test("a wrong password, an unknown name and a disabled account get the same message", async () => {
  await stack.settledPerson("grace");
  await stack.settledPerson("disabled", "Wrong-password-1");
  await stack.cognito("AdminDisableUser", { UserPoolId: stack.outputs.user_pool_id, Username: "disabled" });
  const page = await open(browser, site.url);
  for (const username of ["grace", "nobody", "disabled"]) {
    await enter(page, { username, password: "Wrong-password-1" });
    await page.getByRole("button", { name: "Sign in", disabled: false }).waitFor();
    await problem(page).waitFor();
    assert.equal(await problem(page).textContent(), "The user name or the password is wrong.", username);
    await page.reload();
  }
  assertQuiet(page);
});

test("an expired temporary password, a weak one and a lost connection are explained", async () => {
  const person = await stack.person("edith");
  const page = await open(browser, site.url);
  const endpoint = `${stack.outputs.cognito_endpoint}/`;
  // The text that Cognito answers after seven days.
  const refuse = (operation, __type, message) =>
    page.route(endpoint, (route) =>
      route.request().headers()["x-amz-target"]?.endsWith(`.${operation}`)
        ? route.fulfill({
            status: 400,
            headers: { "access-control-allow-origin": "*", "x-amzn-errortype": `${__type}:` },
            contentType: "application/x-amz-json-1.1",
            body: JSON.stringify({ __type, message }),
          })
        : route.fallback(),
    );
  await refuse("RespondToAuthChallenge", "NotAuthorizedException", "Temporary password has expired and must be reset by an administrator.");
  await enter(page, person);
  await problem(page).waitFor();
  assert.equal(await problem(page).textContent(), "Your temporary password has expired. Ask the administrator of this page for a new one.");
  await page.unroute(endpoint);

  await page.route(endpoint, (route) => route.abort("internetdisconnected"));
  await enter(page, person);
  await page.getByText("The connection was lost.").waitFor();
  await page.unroute(endpoint);

  await enter(page, person);
  await page.getByLabel("New password").fill("Hopper-1906");
  await refuse("RespondToAuthChallenge", "InvalidPasswordException", "Password did not conform with policy: Password not long enough");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.getByText("The pool does not take this password: Password not long enough.").waitFor();
  await page.unroute(endpoint);
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await files(page).waitFor();
  assertQuiet(page);
});

test("a reload keeps the session, and it is renewed when its tokens run out", async () => {
  const person = await stack.settledPerson("katherine");
  const page = await open(browser, site.url);
  await signIn(page, person);
  await page.reload();
  await files(page).waitFor();
  const token = () => page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(".idToken"))?.[1]);
  const first = await token();
  await page.clock.install({ time: Date.now() + 6 * 60_000 });
  await page.reload();
  await files(page).waitFor();
  assert.notEqual(await token(), first);
  assertQuiet(page);
});

test("signing out ends the session, in other tabs as well", async () => {
  const person = await stack.settledPerson("mary");
  const page = await open(browser, site.url);
  await signIn(page, person);
  const other = await page.context().newPage();
  await other.goto(site.url);
  await files(other).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByText("You are signed out.").waitFor();
  await other.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.evaluate(() => Object.keys(localStorage).filter((it) => /token/i.test(it)).length), 0);
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("without its configuration the page says what to run", async () => {
  const bare = await serve({}, await freePort());
  try {
    const page = await open(browser, bare.url);
    await page.getByText("stackctl outputs").waitFor();
    await page.getByText("stackctl apply").waitFor();
    assertQuiet(page);
  } finally {
    await bare.stop();
  }
});
