// Every step of the sign-in and of the account, in front of a Cognito of its own (cognito.mjs): axe finds nothing, light
// or dark, wide or narrow, and no layout has a flaw, from right to left neither. `SCREENSHOTS=folder` keeps a picture of each.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertQuiet, enter, launch, open } from "../browser.mjs";
import { freePort } from "../cloud.mjs";
import { inspect } from "../inspect.mjs";
import { assertMirrored, flaws } from "../look/layout.mjs";
import { serve } from "../pages.mjs";
import { answer, refused, tokens, variables } from "./cognito.mjs";

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSW";
const ada = { username: "ada", password: "Lovelace-1815" };
let browser, site;

before(async () => {
  [site, browser] = await Promise.all([serve(variables("sign_up=open,mfa=optional"), await freePort()), launch()]);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const SCREENS = {
  desk: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

for (const [width, screen] of Object.entries(SCREENS)) {
  // With the pictures every pair; for axe one of each.
  for (const colorScheme of process.env.SCREENSHOTS ? ["light", "dark"] : [width === "desk" ? "light" : "dark"]) {
    test(`no violation in any step at ${width} width, ${colorScheme}`, async () => {
      const page = await open(browser, site.url, { ...screen, colorScheme, bypassCSP: true });
      const answers = { SignUp: () => ({ UserConfirmed: false }), ConfirmSignUp: refused("CodeMismatchException", "Invalid verification code provided, please try again.") };
      await answer(page, answers);
      const heading = (name) => page.getByRole("heading", { name }).waitFor();
      const button = (name) => page.getByRole("button", { name, exact: true }).click();
      const look = async (view) => {
        await inspect(page, `${width}-${colorScheme}-accounts-${view}`);
        assert.deepEqual(await flaws(page), [], view);
        await assertMirrored(page, view);
      };
      await heading("Sign in");
      await look("1-sign-in");
      const pixels = (it) => Number.parseFloat(getComputedStyle(it).fontSize);
      assert.deepEqual([await page.locator("html").evaluate(pixels), await page.getByLabel("User name").evaluate(pixels)], [16, 16], "Safari enlarges the page for a smaller field");
      answers.RespondToAuthChallenge = refused("NotAuthorizedException", "Incorrect username or password.");
      const places = () => page.locator("form :is(h1, input, button)").evaluateAll((all) => all.map((it) => JSON.stringify(it.getBoundingClientRect())));
      const before = await places();
      await enter(page, ada);
      await page.getByText("is wrong.").waitFor();
      assert.deepEqual(await places(), before, "a refusal moves nothing that was there");
      await look("2-wrong");

      await button("Create an account");
      await heading("Create an account");
      await page.getByLabel("User name").fill("ada");
      await page.getByLabel("Email address").fill("ada@example.org");
      await page.getByLabel("Password", { exact: true }).fill("lovelace-1");
      await button("Create account");
      await page.getByText("still needs").waitFor();
      await look("3-sign-up");
      await page.getByLabel("Password", { exact: true }).fill(ada.password);
      await button("Create account");
      await heading("Confirm your email address");
      await page.getByRole("textbox", { name: "Code" }).fill("123456");
      await button("Confirm and sign in");
      await page.getByText("The code is wrong").waitFor();
      await page.getByText("No message after some minutes").click();
      await button("Send a new code");
      await page.getByText("a new one is on its way").waitFor();
      await look("4-confirm");
      await button("Back to sign-in");

      await button("Forgot your password?");
      await heading("Forgot your password?");
      await look("5-forgot");
      await button("Send the code");
      await heading("Choose a new password");
      await page.getByLabel("New password", { exact: true }).fill("lovelace");
      await look("6-reset");
      await button("Back to sign-in");

      answers.RespondToAuthChallenge = () => ({ ChallengeName: "NEW_PASSWORD_REQUIRED", ChallengeParameters: { requiredAttributes: "[]" }, Session: "s" });
      await enter(page, ada);
      await heading("Choose your own password");
      await look("7-first-password");
      await page.reload();

      answers.RespondToAuthChallenge = () => ({ ChallengeName: "MFA_SETUP", ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' }, Session: "s" });
      answers.AssociateSoftwareToken = () => ({ SecretCode: SECRET, Session: "s" });
      await enter(page, ada);
      await heading("Set up an authenticator app");
      await page.locator(".qr path[d]").waitFor();
      await look("8-set-up");
      await page.reload();

      answers.RespondToAuthChallenge = ({ ChallengeName }) =>
        ChallengeName === "PASSWORD_VERIFIER" ? { ChallengeName: "SOFTWARE_TOKEN_MFA", ChallengeParameters: {}, Session: "s" } : { __type: "CodeMismatchException", message: "Invalid code received for user" };
      await enter(page, ada);
      await heading("Enter the code of your app");
      await page.getByRole("textbox", { name: "Code" }).fill("123456");
      await button("Sign in");
      await page.getByText("The code is wrong").waitFor();
      await page.getByText("the device with the app").click();
      await look("9-code");

      answers.RespondToAuthChallenge = () => tokens();
      answers.GetUser = () => ({ Username: "ada", UserAttributes: [], UserMFASettingList: ["SOFTWARE_TOKEN_MFA"], PreferredMfaSetting: "SOFTWARE_TOKEN_MFA" });
      await page.getByRole("textbox", { name: "Code" }).fill("654321");
      await button("Sign in");
      await button("Account");
      await page.getByText("On: signing in asks").waitFor();
      await look("10-account");
      await button("Change the password");
      await heading("Change the password");
      await look("11-change-password");
      await button("Back");
      await button("Move to another device");
      await page.locator(".qr path[d]").waitFor();
      await look("12-authenticator");
      assertQuiet(page, /^Failed to load resource|^Access to fetch/);
    });
  }
}

test("the keyboard alone makes an account, and each step has the focus where one types", async () => {
  const page = await open(browser, site.url);
  await answer(page, { SignUp: () => ({ UserConfirmed: false }), RespondToAuthChallenge: () => tokens() });
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await keyboard.press("Tab");
  assert.equal(await focused(), "Create an account");
  await keyboard.press("Enter");
  for (const [label, text] of [["User name", "ada"], ["Email address", "ada@example.org"], ["Password", ada.password]]) {
    await page.waitForFunction((label) => document.activeElement.labels?.[0]?.textContent === label, label);
    await keyboard.type(text);
    await keyboard.press(label === "Password" ? "Enter" : "Tab");
  }
  await page.getByRole("heading", { name: "Confirm your email address" }).waitFor();
  assert.equal(await focused(), "Code");
  await keyboard.type("123 456");
  assert.equal(await page.getByRole("textbox", { name: "Code" }).inputValue(), "123456");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Upload files" }).waitFor();
  assertQuiet(page, /^Failed to load resource|^Access to fetch/);
});

test("in German, the longer words fit a phone", async () => {
  const page = await open(browser, site.url, { ...SCREENS.phone, locale: "de-AT", bypassCSP: true });
  await answer(page, { SignUp: () => ({ UserConfirmed: false }) });
  const look = async (view) => {
    await inspect(page, `phone-german-accounts-${view}`);
    assert.deepEqual(await flaws(page), [], view);
  };
  await page.getByRole("heading", { name: "Anmelden" }).waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "de-AT");
  await look("1-sign-in");
  await page.getByRole("button", { name: "Konto anlegen" }).click();
  await page.getByRole("heading", { name: "Konto anlegen" }).waitFor();
  await page.getByLabel("Benutzername").fill("ada");
  await page.getByLabel("E-Mail-Adresse").fill("ada@example.org");
  await page.getByLabel("Passwort", { exact: true }).fill("lovelace");
  await page.getByRole("button", { name: "Konto anlegen" }).click();
  await page.getByText("Das neue Passwort braucht noch einen Großbuchstaben, eine Ziffer und ein Sonderzeichen").waitFor();
  await look("2-sign-up");
  await page.getByLabel("Passwort", { exact: true }).fill(ada.password);
  await page.getByRole("button", { name: "Konto anlegen" }).click();
  await page.getByRole("heading", { name: "E-Mail-Adresse bestätigen" }).waitFor();
  await page.getByText("Keine Nachricht nach einigen Minuten?").click();
  await look("3-confirm");
  await page.getByRole("button", { name: "Zurück zur Anmeldung" }).click();
  await page.getByRole("button", { name: "Passwort vergessen?" }).click();
  await page.getByRole("heading", { name: "Passwort vergessen?" }).waitFor();
  await page.getByRole("button", { name: "Code senden" }).click();
  await page.getByRole("heading", { name: "Neues Passwort wählen" }).waitFor();
  await look("4-reset");
  assertQuiet(page);
});
