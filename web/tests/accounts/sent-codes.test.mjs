// Second proofs that the local cloud does not have: codes by email and text message, a choice of several, and a passkey. In
// front of a Cognito of its own (cognito.mjs), which answers in the shapes of AWS.

import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, test } from "node:test";
import { assertQuiet, enter, launch, open } from "../browser.mjs";
import { freePort } from "../cloud.mjs";
import { assertAccessible } from "../inspect.mjs";
import { assertMirrored, flaws } from "../look/layout.mjs";
import { serve } from "../pages.mjs";
import { answer, tokens, variables } from "./cognito.mjs";

const ada = { username: "ada", password: "Lovelace-1815" };
const SCREENS = [{ width: 1280, height: 800 }, { width: 390, height: 844 }];
const sent = (ChallengeName, CODE_DELIVERY_DELIVERY_MEDIUM, CODE_DELIVERY_DESTINATION) =>
  ({ ChallengeName, Session: "s", ChallengeParameters: { USER_ID_FOR_SRP: "ada", CODE_DELIVERY_DELIVERY_MEDIUM, CODE_DELIVERY_DESTINATION } });
const EMAIL = sent("EMAIL_OTP", "EMAIL", "a***@e***");
const TEXT = sent("SMS_MFA", "SMS", "+*******0100");

let browser, site;

before(async () => {
  [site, browser] = await Promise.all([serve(variables("mfa=optional"), await freePort()), launch()]);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

const heading = (page, name) => page.getByRole("heading", { name, exact: true });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const code = (page) => page.getByRole("textbox", { name: "Code" });
const responses = (requests, name) => requests.filter(([operation, { ChallengeName }]) => operation === "RespondToAuthChallenge" && ChallengeName === name).map(([, { ChallengeResponses }]) => ChallengeResponses);

async function look(page, view) {
  for (const size of SCREENS) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${size.width}-${colorScheme}-${view}.png` });
      await assertAccessible(page, view);
    }
    assert.deepEqual(await flaws(page), [], view);
    await assertMirrored(page, view);
  }
}

for (const [challenge, field, intro] of [
  [EMAIL, "EMAIL_OTP_CODE", "A code was sent by email to a***@e***. It works for some minutes."],
  [TEXT, "SMS_MFA_CODE", "A code was sent by text message to +*******0100. It works for some minutes."],
]) {
  test(`a code of ${challenge.ChallengeName} is asked for, refused and taken`, async () => {
    const page = await open(browser, site.url, { bypassCSP: true });
    const requests = await answer(page, {
      RespondToAuthChallenge: ({ ChallengeName, ChallengeResponses }) => {
        if (ChallengeName === "PASSWORD_VERIFIER") return challenge;
        return ChallengeResponses[field] === "12345678" ? tokens() : { __type: "CodeMismatchException", message: "Invalid code or auth state for the user." };
      },
    });
    await enter(page, ada);
    await page.getByText(intro).waitFor();
    assert.deepEqual(await code(page).evaluate((it) => [it.autocomplete, it.inputMode, it === document.activeElement]), ["one-time-code", "numeric", true]);
    await page.getByText("No message after some minutes?").click();
    await look(page, challenge.ChallengeName);
    await code(page).fill("1111 1111");
    await button(page, "Sign in").click();
    await page.getByText("The code is wrong or expired. Check it, or go back and sign in again for a new one.").waitFor();
    await code(page).fill("1234 5678");
    await button(page, "Sign in").click();
    await button(page, "Sign out").waitFor();
    assert.deepEqual(responses(requests, challenge.ChallengeName).map((it) => it[field]), ["11111111", "12345678"]);
    assertQuiet(page, /^Failed to load resource|^Access to fetch/);
  });
}

test("a code that came too late begins the sign-in again", async () => {
  const page = await open(browser, site.url);
  await answer(page, {
    RespondToAuthChallenge: ({ ChallengeName }) => (ChallengeName === "PASSWORD_VERIFIER" ? EMAIL : { __type: "NotAuthorizedException", message: "Invalid session for the user, session is expired." }),
  });
  await enter(page, ada);
  await code(page).fill("12345678");
  await button(page, "Sign in").click();
  await page.getByText("That took too long. Sign in again from the start.").waitFor();
  assert.equal(await page.getByLabel("User name").inputValue(), "ada");
});

test("of several second proofs the person chooses one", async () => {
  const page = await open(browser, site.url, { bypassCSP: true });
  const requests = await answer(page, {
    RespondToAuthChallenge: ({ ChallengeName, ChallengeResponses }) => {
      if (ChallengeName === "PASSWORD_VERIFIER") return { ChallengeName: "SELECT_MFA_TYPE", Session: "s", ChallengeParameters: { MFAS_CAN_CHOOSE: '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]' } };
      if (ChallengeName === "SELECT_MFA_TYPE") return ChallengeResponses.ANSWER === "EMAIL_OTP" ? EMAIL : { ChallengeName: "SOFTWARE_TOKEN_MFA", Session: "s", ChallengeParameters: {} };
      return tokens();
    },
  });
  await enter(page, ada);
  await heading(page, "How do you want to prove that it is you?").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
  await look(page, "choice");
  await button(page, "A code of an authenticator app").click();
  await heading(page, "Enter the code of your app").waitFor();
  await button(page, "Back to sign-in").click();
  await enter(page, ada);
  await page.keyboard.press("Tab");
  await button(page, "A code by email").click();
  await code(page).fill("123456");
  await button(page, "Sign in").click();
  await button(page, "Sign out").waitFor();
  assert.deepEqual(responses(requests, "SELECT_MFA_TYPE").map(({ ANSWER }) => ANSWER), ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]);
  assertQuiet(page, /^Failed to load resource|^Access to fetch/);
});

test("a second proof that has to be set up can be a code by email", async () => {
  const page = await open(browser, site.url, { bypassCSP: true });
  const requests = await answer(page, {
    RespondToAuthChallenge: ({ ChallengeName, ChallengeResponses }) => {
      if (ChallengeName === "PASSWORD_VERIFIER") return { ChallengeName: "MFA_SETUP", Session: "s", ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]' } };
      return ChallengeResponses.EMAIL ? EMAIL : tokens();
    },
  });
  await enter(page, ada);
  await heading(page, "Choose a second proof").waitFor();
  await button(page, "A code by email").click();
  await heading(page, "Set up codes by email").waitFor();
  await look(page, "email-set-up");
  await page.getByLabel("Email address").fill("ada@example.org");
  await button(page, "Send the first code").click();
  await code(page).fill("12345678");
  await button(page, "Sign in").click();
  await button(page, "Sign out").waitFor();
  assert.equal(responses(requests, "MFA_SETUP").at(-1).EMAIL, "ada@example.org");
  assertQuiet(page, /^Failed to load resource|^Access to fetch/);
});

test("a passkey as the second proof is the browser's own dialog", async () => {
  const page = await open(browser, site.url);
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  const credentialId = Buffer.from("a-passkey-of-ada");
  const privateKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "der", type: "pkcs8" }).toString("base64");
  await session.send("WebAuthn.addCredential", {
    authenticatorId,
    credential: { credentialId: credentialId.toString("base64"), isResidentCredential: false, rpId: "localhost", privateKey, signCount: 0 },
  });
  const asked = (id) => JSON.stringify({ challenge: Buffer.from("a challenge").toString("base64url"), rpId: "localhost", timeout: 5_000, userVerification: "required", allowCredentials: [{ id: id.toString("base64url"), type: "public-key" }] });
  let wanted = credentialId;
  const requests = await answer(page, {
    RespondToAuthChallenge: ({ ChallengeName }) => (ChallengeName === "PASSWORD_VERIFIER" ? { ChallengeName: "WEB_AUTHN", Session: "s", ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: asked(wanted) } } : tokens()),
  });
  await enter(page, ada);
  await button(page, "Sign out").waitFor();
  const [{ CREDENTIAL }] = responses(requests, "WEB_AUTHN");
  const credential = JSON.parse(CREDENTIAL);
  assert.equal(credential.id, credentialId.toString("base64url"));
  assert.ok(credential.response.signature.length > 60);

  await button(page, "Sign out").click();
  wanted = Buffer.from("another-passkey");
  await enter(page, ada);
  await page.getByText("The passkey was not used: it was cancelled, or this device has none for this page.").waitFor();
  assertQuiet(page, /^Failed to load resource|^Access to fetch/);
});

test("a proof that the page does not know is named", async () => {
  const page = await open(browser, site.url);
  const answers = {};
  await answer(page, answers);
  for (const [challenge, name] of [
    [{ ChallengeName: "FINGERPRINT", ChallengeParameters: {} }, "FINGERPRINT"],
    [{ ChallengeName: "CUSTOM_CHALLENGE", ChallengeParameters: {} }, "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE"],
    [{ ChallengeName: "MFA_SETUP", ChallengeParameters: { MFAS_CAN_SETUP: '["SMS_MFA"]' } }, "MFA_SETUP"],
  ]) {
    answers.RespondToAuthChallenge = () => ({ ...challenge, Session: "s" });
    await enter(page, ada);
    await page.getByText(`This account needs a step of signing in that this page does not know (${name}). Ask the administrator of this page.`).waitFor();
  }
  assertQuiet(page);
});
