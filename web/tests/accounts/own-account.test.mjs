// People help themselves: an account, its confirmation, a forgotten password; with the codes of `stackctl local messages`.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, enter, launch, open, signIn } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";

const PASSWORD = "Lovelace-1815";
let browser, site, stack;

before(async () => {
  const port = await freePort();
  const open = (text) => text.replaceAll("5173", String(port)).replace("deletion_protection: false", "deletion_protection: false\n    sign_up: open");
  [stack, browser] = await Promise.all([Stack.apply("page-own-account", open), launch()]);
  site = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const problem = (page) => page.getByRole("alert").filter({ hasText: /./ });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const code = (page) => page.getByRole("textbox", { name: "Code" });
const heading = (page, name) => page.getByRole("heading", { name });
const files = (page) => heading(page, "Upload files");

/** Fills the form for a new account, and sends it. */
async function signUp(page, username, email, password = PASSWORD) {
  await button(page, "Create an account").click();
  await heading(page, "Create an account").waitFor();
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await button(page, "Create account").click();
}

async function forget(page) {
  await button(page, "Forgot your password?").click();
  await heading(page, "Forgot your password?").waitFor();
}

async function confirm(page, digits) {
  await code(page).fill(digits);
  await button(page, "Confirm and sign in").click();
}

/** Everything that the page says, without what the person typed. */
async function view(page) {
  return (await page.locator("main").innerText()).trim();
}

test("two people make an account at the same time, and each confirms it with the own code", async () => {
  const people = ["ada", "grace"].map((username) => ({ username, email: `${username}@example.org`, password: PASSWORD }));
  const pages = await Promise.all(people.map(() => open(browser, site.url)));
  await pages[0].getByText("This is the local cloud: no message is really sent. To see the codes: stackctl local messages --follow").waitFor();
  await Promise.all(pages.map(async (page, index) => {
    const { username, email } = people[index];
    await signUp(page, username, email);
    await heading(page, "Confirm your email address").waitFor();
    await page.getByText(`If ${email} can be used here, a code was sent to it.`).waitFor();
  }));
  const codes = await Promise.all(people.map(({ email }) => stack.code(email)));
  await confirm(pages[0], codes[1]);
  assert.match(await problem(pages[0]).textContent(), /^The code is wrong, expired or used already\./);
  await Promise.all(pages.map(async (page, index) => {
    await confirm(page, codes[index]);
    await files(page).waitFor();
    assert.equal(await page.locator(".who").textContent(), `Signed in as ${people[index].email}`);
    assertQuiet(page);
  }));
  const again = await open(browser, site.url);
  await signIn(again, people[1]);
});

test("who comes back later confirms at the sign-in, with a new code", async () => {
  const page = await open(browser, site.url);
  await signUp(page, "edith", "edith@example.org");
  await heading(page, "Confirm your email address").waitFor();
  const first = await stack.code("edith@example.org");
  // In this tab a reload comes back to the code; another tab begins with the sign-in.
  await page.reload();
  await heading(page, "Confirm your email address").waitFor();
  await page.evaluate(() => sessionStorage.clear());
  await page.reload();
  await enter(page, { username: "edith", password: PASSWORD });
  await page.getByText("A code was sent to your email address.").waitFor();
  await button(page, "Send a new code").click();
  await page.getByText("If an account waits for a code, a new one is on its way.").waitFor();
  const second = await stack.code("edith@example.org", first);
  await confirm(page, first);
  await problem(page).waitFor();
  await confirm(page, second);
  await files(page).waitFor();
  assertQuiet(page);
});

test("a weak password and a form without a name are stopped before they are sent", async () => {
  const page = await open(browser, site.url);
  const sent = [];
  page.on("request", (request) => sent.push(request.headers()["x-amz-target"] ?? ""));
  await signUp(page, "mary", "mary@example.org", "somerville");
  assert.equal(await problem(page).textContent(), "The new password still needs an upper-case letter, a digit, and a symbol (such as - or !).");
  const fields = await page.locator("form input").evaluateAll((all) => all.map((it) => [it.autocomplete, it.type, it.required]));
  assert.deepEqual(fields, [["username", "text", true], ["email", "email", true], ["new-password", "password", true]]);
  assert.equal(sent.some((it) => it.endsWith("SignUp")), false);
});

test("a taken name looks like a new account, and a wrong code like that of one", async () => {
  const known = { username: "katherine", email: "katherine@example.org", password: PASSWORD };
  const first = await open(browser, site.url);
  await signUp(first, known.username, known.email);
  await confirm(first, await stack.code(known.email));
  await files(first).waitFor();

  const views = [];
  for (const username of [known.username, "dorothy"]) {
    const page = await open(browser, site.url);
    const seen = [];
    await signUp(page, username, "stranger@example.org", "Stranger-2026");
    await heading(page, "Confirm your email address").waitFor();
    seen.push(await view(page));
    await confirm(page, "000000");
    await problem(page).waitFor();
    seen.push(await view(page));
    await button(page, "Send a new code").click();
    await page.getByText("a new one is on its way.").waitFor();
    seen.push(await view(page));
    views.push(seen);
  }
  assert.deepEqual(views[0], views[1]);
  // The account's owner is not disturbed.
  await signIn(await open(browser, site.url), known);
});

test("a forgotten password is replaced with the code of an email", async () => {
  const person = { username: "joan", email: "joan@example.org", password: PASSWORD };
  const page = await open(browser, site.url);
  await signUp(page, person.username, person.email);
  await confirm(page, await stack.code(person.email));
  await files(page).waitFor();
  await button(page, "Sign out").click();

  await page.getByLabel("User name").fill("joan");
  await forget(page);
  assert.equal(await page.getByLabel("User name").inputValue(), "joan");
  const before = await stack.code(person.email);
  await button(page, "Send the code").click();
  await heading(page, "Choose a new password").waitFor();
  const digits = await stack.code(person.email, before);
  await code(page).fill(digits === "000000" ? "111111" : "000000");
  await page.getByLabel("New password", { exact: true }).fill("clarke");
  await button(page, "Save and sign in").click();
  assert.match(await problem(page).textContent(), /^The new password still needs at least 8 characters, /);
  await page.getByLabel("New password", { exact: true }).fill("Clarke-1917");
  await button(page, "Save and sign in").click();
  await page.getByText("The code is wrong, expired or used already.").waitFor();
  await code(page).fill(digits);
  await button(page, "Save and sign in").click();
  await files(page).waitFor();
  assertQuiet(page);
  await button(page, "Sign out").click();
  await enter(page, person);
  await page.getByText("is wrong.").waitFor();
});

test("a forgotten password looks the same with an account, without one, and with one that no code can reach", async () => {
  await stack.settledPerson("known");
  await stack.person("temporary");
  const views = [];
  for (const username of ["known", "temporary", "nobody"]) {
    const page = await open(browser, site.url);
    await forget(page);
    await page.getByLabel("User name").fill(username);
    await button(page, "Send the code").click();
    await heading(page, "Choose a new password").waitFor();
    const seen = [await view(page)];
    await code(page).fill("000000");
    await page.getByLabel("New password", { exact: true }).fill("Clarke-1917");
    await button(page, "Save and sign in").click();
    await problem(page).waitFor();
    views.push([...seen, await view(page)]);
  }
  assert.deepEqual(views[1], views[0]);
  assert.deepEqual(views[2], views[0]);
  assert.match(views[0][0], /ask the administrator of this page|No message after some minutes/);
});

test("a password that an administrator reset is replaced at the sign-in", async () => {
  const person = { username: "hedy", email: "hedy@example.org", password: PASSWORD };
  const page = await open(browser, site.url);
  await signUp(page, person.username, person.email);
  await confirm(page, await stack.code(person.email));
  await files(page).waitFor();
  await button(page, "Sign out").click();
  const before = await stack.code(person.email);
  await stack.cognito("AdminResetUserPassword", { UserPoolId: stack.outputs.user_pool_id, Username: person.username });
  await enter(page, person);
  await page.getByText("Your password was reset. A code was sent to your email address.").waitFor();
  await code(page).fill(await stack.code(person.email, before));
  await page.getByLabel("New password", { exact: true }).fill("Lamarr-1914");
  await button(page, "Save and sign in").click();
  await files(page).waitFor();
  assertQuiet(page);
});

test("too many codes: the person learns to wait", async () => {
  const page = await open(browser, site.url);
  await forget(page);
  await page.getByLabel("User name").fill("impatient");
  await button(page, "Send the code").click();
  await heading(page, "Choose a new password").waitFor();
  for (let sent = 1; sent < 5; sent += 1) {
    await button(page, "Send a new code").click();
    await page.getByText("a new one is on its way.").waitFor();
  }
  await button(page, "Send a new code").click();
  await page.getByText("Too many codes were asked for. Try again in an hour.").waitFor();
  assertQuiet(page);
});

test("where people sign in with an email address, it is the name of the new account", async () => {
  const port = await freePort();
  const byMail = await Stack.apply("page-by-mail", (text) =>
    text.replaceAll("5173", String(port)).replace("deletion_protection: false", "deletion_protection: false\n    sign_up: open\n    sign_in_with: [email]"),
  );
  const mailSite = await serve(await byMail.variables(), port);
  try {
    const page = await open(browser, mailSite.url);
    await button(page, "Create an account").click();
    await heading(page, "Create an account").waitFor();
    const fields = await page.locator("form input").evaluateAll((all) => all.map((it) => [it.labels[0].textContent, it.autocomplete, it.type]));
    assert.deepEqual(fields, [["Email address", "username", "email"], ["Password", "new-password", "password"]]);
    await page.getByLabel("Email address").fill("ada@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await button(page, "Create account").click();
    await confirm(page, await byMail.code("ada@example.com"));
    await files(page).waitFor();
    await button(page, "Account").click();
    await button(page, "Change the password").click();
    // A password manager saves the new password for the name that the person signs in with.
    assert.equal(await page.locator("dialog input[autocomplete=username]").inputValue(), "ada@example.com");
    await button(page, "Close").click();
    await button(page, "Sign out").click();
    await page.getByLabel("Email address").fill("ada@example.com");
    await page.getByLabel("Password", { exact: true }).fill("Wrong-password-1");
    await button(page, "Sign in").click();
    assert.equal(await problem(page).textContent(), "The email address or the password is wrong.");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await button(page, "Sign in").click();
    await files(page).waitFor();
    assertQuiet(page);
  } finally {
    await mailSite.stop();
  }
});

test("a pool that was closed after the page was built sends to the administrator", async () => {
  const UserPoolId = stack.outputs.user_pool_id;
  await stack.cognito("UpdateUserPool", { UserPoolId, AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
  const page = await open(browser, site.url);
  await signUp(page, "eve", "eve@example.org");
  await page.getByText("Only the administrator of this page can create accounts. Ask there.").waitFor();
});
