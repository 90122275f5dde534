// Other people's clients in a browser, against the same stack: aws-amplify with its own output, and Uppy in parts.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertQuiet, launch, open } from "./browser.mjs";
import { freePort, Stack, WEB } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const MB = 1024 * 1024;

let browser, page, site, stack, token;

before(async () => {
  const port = await freePort();
  [stack, browser] = await Promise.all([
    Stack.apply("page-clients", (text) => text.replaceAll("5173", String(port))),
    launch(),
  ]);
  site = await serve(await stack.variables(), port, join(WEB, "tests", "clients"));
  page = await open(browser, site.url);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

test("aws-amplify signs in with the amplify output", async () => {
  const person = await stack.settledPerson("ada");
  const outputs = JSON.parse(await stack.run("outputs", "--format", "amplify"));
  const call = ([outputs, { username, password }]) => window.amplify(outputs, username, password);
  const session = await page.evaluate(call, [outputs, person]);
  assert.equal(session.isSignedIn, true);
  assert.equal(session.username, "ada");
  token = session.token;
  const answer = await fetch(stack.outputs.endpoint, { headers: { Authorization: token } });
  assert.equal(answer.status, 200);
  assert.match(await answer.json(), new RegExp(`/uploads/${session.sub}/`));
});

for (const [how, inParts] of [["in parts", true], ["by a single PUT", false]]) {
  test(`Uppy uploads 20 MB ${how}`, async () => {
    const sent = [];
    page.on("request", (request) => sent.push([request.method(), new URL(request.url()).searchParams]));
    const seed = `${how}, again and again. `;
    const name = `${how} + ä.bin`;
    const order = { endpoint: stack.outputs.endpoint, token, name, seed, size: 20 * MB, inParts };
    const { failed, uploaded } = await page.evaluate((order) => window.uppy(order), order);
    page.removeAllListeners("request");
    assert.deepEqual(failed, []);
    assert.equal(uploaded.length, 1);
    const parts = sent.filter(([method, query]) => method === "PUT" && query.has("partNumber"));
    if (inParts) assert.ok(parts.length >= 3, `${parts.length} parts`);
    else assert.equal(parts.length, 0);

    const { key } = uploaded[0];
    assert.match(key, /^uploads\/[^/]+\/[^/]+\//);
    const path = key.split("/").map(encodeURIComponent).join("/");
    const answer = await fetch(`${stack.outputs.endpoint}/uploads/${path}`, { headers: { Authorization: token } });
    const { url } = await answer.json();
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    assert.equal(bytes.length, 20 * MB);
    assert.equal(hash(bytes), hash(Buffer.alloc(20 * MB, seed)));
    assertQuiet(page);
  });
}

function hash(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

// The page of the article that stackctl comes from, as it was written in 2017: amazon-cognito-identity-js 1.x and axios.
test("the article's own page works unchanged", async () => {
  const person = await stack.person("bea");
  const context = await browser.newContext({ bypassCSP: true });
  const old = await context.newPage();
  await old.goto(site.url);
  for (const script of ["amazon-cognito-identity-js/dist/aws-cognito-sdk", "amazon-cognito-identity-js/dist/amazon-cognito-identity", "axios/dist/axios"]) {
    await old.addScriptTag({ path: join(WEB, "node_modules", `${script}.min.js`) });
  }
  const sent = [];
  old.on("request", (request) => request.method() === "PUT" && sent.push(request.headers()["content-type"]));
  const url = await old.evaluate(async ({ outputs, person, password }) => {
    const { AuthenticationDetails, CognitoUser, CognitoUserPool } = window.AmazonCognitoIdentity;
    const pool = new CognitoUserPool({ UserPoolId: outputs.user_pool_id, ClientId: outputs.client_id });
    // The one line that the local cloud needs and AWS does not.
    pool.client.endpoint = new window.AWSCognito.Endpoint(outputs.cognito_endpoint);
    const user = new CognitoUser({ Username: person.username, Pool: pool });
    const details = new AuthenticationDetails({ Username: person.username, Password: person.password });
    const session = await new Promise((onSuccess, onFailure) => {
      const newPasswordRequired = () => user.completeNewPasswordChallenge(password, {}, { onSuccess, onFailure });
      user.authenticateUser(details, { onSuccess, onFailure, newPasswordRequired });
    });
    const Authorization = session.getIdToken().getJwtToken();
    const { data } = await window.axios.get(outputs.endpoint, { headers: { Authorization } });
    const { status } = await window.axios.put(data, new File(["from 2017"], "photo.txt"));
    if (status !== 200) throw new Error(`PUT ${status}`);
    return data;
  }, { outputs: stack.outputs, person, password: "Changed-in-2017!" });
  assert.deepEqual(sent, ["application/x-www-form-urlencoded"]);
  const key = decodeURIComponent(new URL(url).pathname).split("/uploads/")[1];
  assert.match(key, /^[^/]+\/[^/]+$/);
  await context.close();
});
