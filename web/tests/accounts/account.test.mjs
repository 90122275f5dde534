// The account of a signed-in person: another password, and the end of all sessions.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, enter, launch, open, signIn } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";

let browser, site, stack;

before(async () => {
  const port = await freePort();
  [stack, browser] = await Promise.all([
    Stack.apply("page-account", (text) => text.replaceAll("5173", String(port)).replace("web: {}", "web: { access_token: 5m, id_token: 5m }")),
    launch(),
  ]);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const problem = (page) => page.getByRole("alert").filter({ hasText: /./ });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const files = (page) => page.getByRole("heading", { name: "Upload files" });

test("a password is changed by who knows the present one", async () => {
  const { username, password } = await stack.settledPerson("ada");
  const page = await open(browser, site.url);
  await signIn(page, { username, password });
  await button(page, "Account").click();
  await button(page, "Change the password").click();
  const current = page.getByLabel("Current password");
  assert.equal(await current.evaluate((it) => it === document.activeElement), true);
  const fields = await page.locator("dialog input").evaluateAll((all) => all.map((it) => [it.autocomplete, it.value]));
  assert.deepEqual(fields, [["current-password", ""], ["username", "ada"], ["new-password", ""]]);

  await current.fill("Wrong-password-1");
  await page.getByLabel("New password").fill("byron");
  await button(page, "Save the password").click();
  assert.match(await problem(page).textContent(), /^The new password still needs at least 8 characters, /);
  await page.getByLabel("New password").fill("Byron-1788");
  await button(page, "Save the password").click();
  await page.getByText("The current password is wrong.").waitFor();
  await current.fill(password);
  await button(page, "Save the password").click();
  await page.getByText("Your password is changed.").waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await button(page, "Account").evaluate((it) => it === document.activeElement), true);
  await button(page, "Sign out").click();

  await enter(page, { username, password });
  await page.getByText("is wrong.").waitFor();
  await signIn(page, { username, password: "Byron-1788" });
  assertQuiet(page);
});

test("signing out everywhere ends the session of another device, and says how long that can take", async () => {
  const person = await stack.settledPerson("grace");
  const [phone, desk] = [await open(browser, site.url), await open(browser, site.url)];
  await signIn(phone, person);
  await signIn(desk, person);
  await button(desk, "Account").click();
  await desk.getByText("up to 5 minutes").waitFor();

  // Without an answer the other device would stay signed in: the page says so, and nobody is signed out.
  const endpoint = `${stack.outputs.cognito_endpoint}/`;
  await desk.route(endpoint, (route) => route.abort("internetdisconnected"));
  await button(desk, "Sign out everywhere").click();
  await desk.getByText("The connection was lost.").waitFor();
  await desk.unroute(endpoint);
  await button(desk, "Sign out everywhere").click();
  await desk.getByText("You are signed out on all devices.").waitFor();
  assert.equal(await desk.evaluate(() => Object.keys(localStorage).filter((it) => /token/i.test(it)).length), 0);

  await phone.clock.install({ time: Date.now() + 6 * 60_000 });
  await phone.reload();
  await phone.getByRole("heading", { name: "Sign in" }).waitFor();
  await signIn(phone, person);
  assertQuiet(phone);
  assertQuiet(desk);
});

test("a session that was ended elsewhere leads to the sign-in, not to a wrong password", async () => {
  const { username, password } = await stack.settledPerson("mary");
  const page = await open(browser, site.url);
  await signIn(page, { username, password });
  await button(page, "Account").click();
  await button(page, "Change the password").click();
  await stack.cognito("AdminUserGlobalSignOut", { UserPoolId: stack.outputs.user_pool_id, Username: username });
  await page.getByLabel("Current password").fill(password);
  await page.getByLabel("New password").fill("Somerville-1780");
  await button(page, "Save the password").click();
  await page.getByText("Your session has ended. Sign in again.").waitFor();
  await files(page).waitFor({ state: "detached" });
  await signIn(page, { username, password });
  assertQuiet(page);
});
