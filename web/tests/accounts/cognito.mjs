// A Cognito that answers what a test says: for steps that the local cloud does not have, in the shapes of AWS's answers.

import { createHmac, randomBytes } from "node:crypto";

export const ENDPOINT = "http://cognito.test/";

/** The variables of a stack whose Cognito is this one. */
export function variables(accounts) {
  return {
    VITE_REGION: "eu-west-1",
    VITE_ENDPOINT: "http://endpoint.test/production",
    VITE_USER_POOL_ID: "eu-west-1_Mocked",
    VITE_CLIENT_ID: "mocked",
    VITE_BUCKET: "mocked",
    VITE_COGNITO_ENDPOINT: ENDPOINT,
    VITE_ACCOUNTS: accounts,
  };
}

/** A refusal, as a value of `answers`. */
export function refused(__type, message) {
  return () => ({ __type, message });
}

/**
 * Answers the page's requests to Cognito by the operation's name. `answers` may be changed at any time. Returns the
 * requests as pairs of name and body. The password's challenge is answered here, and its answer is taken unseen.
 */
export async function answer(page, answers) {
  const requests = [];
  const srp = {
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeParameters: {
      SALT: randomBytes(16).toString("hex"), SRP_B: `1${randomBytes(383).toString("hex")}`,
      SECRET_BLOCK: randomBytes(64).toString("base64"), USERNAME: "ada", USER_ID_FOR_SRP: "ada",
    },
  };
  await page.route("http://endpoint.test/**", (route) => route.abort());
  await page.route(ENDPOINT, async (route) => {
    const request = route.request();
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (request.method() === "OPTIONS") return route.fulfill({ status: 204, headers });
    const operation = request.headers()["x-amz-target"].split(".").at(-1);
    const body = request.postDataJSON();
    requests.push([operation, body]);
    const said = (await (answers[operation] ?? (operation === "InitiateAuth" ? () => srp : () => ({})))(body)) ?? {};
    return route.fulfill({ status: "__type" in said ? 400 : 200, headers, contentType: "application/x-amz-json-1.1", body: JSON.stringify(said) });
  });
  return requests;
}

/** What Cognito answers when a person is signed in. */
export function tokens(name = "ada@example.org") {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: "6b0f1c1e-0000-4000-8000-000000000000", iat: now, exp: now + 3600 };
  const token = (more) => [{ alg: "none" }, { ...claims, ...more }, {}].map((it) => Buffer.from(JSON.stringify(it)).toString("base64url")).join(".");
  return {
    AuthenticationResult: {
      IdToken: token({ email: name, "cognito:username": name, token_use: "id" }),
      AccessToken: token({ username: name, token_use: "access", client_id: "mocked" }),
      RefreshToken: "refresh", ExpiresIn: 3600, TokenType: "Bearer",
    },
  };
}

/** The code that an authenticator app shows for a key in Base32, `steps` of 30 seconds from now. */
export function totp(secret, steps = 0) {
  const bits = [...secret.replace(/=+$/, "")].map((it) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(it).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((it) => parseInt(it, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac.at(-1) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
