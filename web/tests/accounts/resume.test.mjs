// A reload in the middle of the sign-in: steps without secrets go on, the others begin again and say why. Nothing secret is
// kept for it. In front of a Cognito of its own (cognito.mjs), and one way against the local cloud.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, enter, launch, open } from "../browser.mjs";
import { freePort, Stack } from "../cloud.mjs";
import { serve } from "../pages.mjs";
import { answer, refused, tokens, variables } from "./cognito.mjs";

const ada = { username: "ada", password: "Lovelace-1815" };
const CHALLENGES = {
  "Choose your own password": { ChallengeName: "NEW_PASSWORD_REQUIRED", ChallengeParameters: { requiredAttributes: "[]" } },
  "Enter the code of your app": { ChallengeName: "SOFTWARE_TOKEN_MFA", ChallengeParameters: {} },
  "Set up an authenticator app": { ChallengeName: "MFA_SETUP", ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' } },
  "Enter the code": { ChallengeName: "EMAIL_OTP", ChallengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: "EMAIL", CODE_DELIVERY_DESTINATION: "a***@e***" } },
};
const SESSION = "a-session-of-cognito";

let browser, site, stack, real;

before(async () => {
  const port = await freePort();
  [site, browser, stack] = await Promise.all([
    serve(variables("sign_up=open,mfa=optional"), await freePort()),
    launch(),
    Stack.apply("page-resume", (text) => text.replaceAll("5173", String(port)).replace("deletion_protection: false", "deletion_protection: false\n    sign_up: open")),
  ]);
  real = await serve(await stack.variables(), port);
});

after(async () => {
  await browser?.close();
  await site?.stop();
  await real?.stop();
});

const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const code = (page) => page.getByRole("textbox", { name: "Code" });
const kept = (page) => page.evaluate(() => sessionStorage.getItem("stackctl-sign-in"));

/** Nothing that the browser keeps for the page has one of these words. */
async function assertKeepsNone(page, words) {
  const all = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href]));
  for (const it of words) assert.ok(!all.includes(it), `${it} is kept: ${all}`);
}

for (const [step, challenge] of Object.entries(CHALLENGES)) {
  test(`“${step}” begins again, with the name filled in and the reason`, async () => {
    const page = await open(browser, site.url);
    await answer(page, { RespondToAuthChallenge: () => ({ ...challenge, Session: SESSION }), AssociateSoftwareToken: () => ({ SecretCode: "JBSWY3DPEHPK3PXP", Session: SESSION }) });
    await enter(page, ada);
    await heading(page, step).waitFor();
    await assertKeepsNone(page, [ada.password, SESSION, "JBSWY3DP", "a***"]);
    await page.reload();
    await page.getByText("The page was loaded again. Sign in once more to go on.").waitFor();
    assert.equal(await page.getByLabel("User name").inputValue(), "ada");
    assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
    await page.getByLabel("Password", { exact: true }).fill(ada.password);
    await button(page, "Sign in").click();
    await heading(page, step).waitFor();
    // Who goes back to the sign-in begins there, also after a reload.
    if (await button(page, "Back to sign-in").count() > 0) {
      await button(page, "Back to sign-in").click();
      assert.equal(await kept(page), null);
      await page.reload();
      await heading(page, "Sign in").waitFor();
      assert.equal(await page.getByRole("status").count(), 0);
    }
    assertQuiet(page);
  });
}

test("the code of a forgotten password goes on after a reload", async () => {
  const page = await open(browser, site.url);
  const requests = await answer(page, { ConfirmForgotPassword: () => ({}), RespondToAuthChallenge: () => tokens() });
  await page.getByLabel("User name").fill("ada");
  await button(page, "Forgot your password?").click();
  await heading(page, "Forgot your password?").waitFor();
  await page.reload();
  await heading(page, "Forgot your password?").waitFor();
  assert.equal(await page.getByLabel("User name").inputValue(), "ada");
  await button(page, "Send the code").click();
  await heading(page, "Choose a new password").waitFor();
  await code(page).fill("123456");
  await page.getByLabel("New password", { exact: true }).fill(ada.password);
  await assertKeepsNone(page, [ada.password, "123456"]);
  await page.reload();
  await heading(page, "Choose a new password").waitFor();
  assert.equal(await code(page).inputValue(), "");
  await code(page).fill("123456");
  await page.getByLabel("New password", { exact: true }).fill(ada.password);
  await button(page, "Save and sign in").click();
  await button(page, "Sign out").waitFor();
  const [, sent] = requests.find(([operation]) => operation === "ConfirmForgotPassword");
  assert.deepEqual([sent.Username, sent.ConfirmationCode], ["ada", "123456"]);
  assert.equal(await kept(page), null, "nothing is kept of a sign-in that is over");
  assertQuiet(page, /^Failed to load resource|^Access to fetch/);
});

test("a reset by an administrator goes on after a reload", async () => {
  const page = await open(browser, site.url);
  await answer(page, { InitiateAuth: refused("PasswordResetRequiredException", "Password reset required for the user") });
  await enter(page, ada);
  await page.getByText("Your password was reset.").waitFor();
  await page.reload();
  await page.getByText("Your password was reset.").waitFor();
  assertQuiet(page);
});

test("what is kept and makes no sense is ignored", async () => {
  for (const text of ["{", "[]", '{"is":"files"}', '{"is":"confirm","name":5}', "null"]) {
    const page = await open(browser, site.url);
    // It deletes what is kept when it appears.
    await heading(page, "Sign in").waitFor();
    await page.evaluate((text) => sessionStorage.setItem("stackctl-sign-in", text), text);
    await page.reload();
    await heading(page, text.includes("confirm") ? "Confirm your email address" : "Sign in").waitFor();
    assertQuiet(page);
    await page.context().close();
  }
});

test("an account that waits for its code is confirmed after a reload, and signs in", async () => {
  const page = await open(browser, real.url);
  await button(page, "Create an account").click();
  await heading(page, "Create an account").waitFor();
  await page.getByLabel("User name").fill("grace");
  await page.getByLabel("Email address").fill("grace@example.org");
  await page.getByLabel("Password", { exact: true }).fill(ada.password);
  await button(page, "Create account").click();
  await heading(page, "Confirm your email address").waitFor();
  await assertKeepsNone(page, [ada.password, "grace@example.org"]);
  await page.reload();
  await heading(page, "Confirm your email address").waitFor();
  await code(page).fill(await stack.code("grace@example.org"));
  await button(page, "Confirm").click();
  await page.getByText("Your email address is confirmed. Sign in.").waitFor();
  assert.equal(await page.getByLabel("User name").inputValue(), "grace");
  await page.getByLabel("Password", { exact: true }).fill(ada.password);
  await button(page, "Sign in").click();
  await heading(page, "Upload files").waitFor();
  assertQuiet(page);
});
