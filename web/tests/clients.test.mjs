// Other people's clients in a browser, against the same stack: aws-amplify with its own output, and both versions of Uppy, in every way.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertQuiet, launch, open } from "./browser.mjs";
import { freePort, Stack, WEB } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const MB = 1024 * 1024;
/** Three parts of Uppy 6. */
const SIZE = 40 * MB;
/** The endpoint's limit, where the file sets none. */
const MOST = 100 * MB;

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

const WAYS = [
  ["uppy5", "in parts", { inParts: true }],
  ["uppy5", "by a single PUT", { inParts: false }],
  ["uppy5", "as a form", { inParts: false, asForm: true }],
  ["uppy6", "in parts", { inParts: true }],
  ["uppy6", "by a single PUT", { inParts: false }],
  ["uppy6", "as a form", { inParts: false, asForm: true }],
];

for (const [client, how, way] of WAYS) {
  test(`${client} uploads 40 MB ${how}, and no more than is allowed`, async () => {
    const sent = [];
    page.on("request", (request) => sent.push([request.method(), new URL(request.url()).searchParams]));
    const seed = `${how}, again and again. `;
    const name = `${client} ${how} + ä.bin`;
    const order = { endpoint: stack.outputs.endpoint, token, name, seed, size: SIZE, ...way };
    const upload = (order) => page.evaluate(([client, order]) => window[client](order), [client, order]);
    const { failed, uploaded } = await upload(order);
    assert.deepEqual(failed, []);
    assert.equal(uploaded.length, 1);
    const parts = sent.filter(([method, query]) => method === "PUT" && query.has("partNumber"));
    if (way.inParts) assert.ok(parts.length >= 3, `${parts.length} parts`);
    else assert.equal(parts.length, 0);

    const answer = await ask("/uploads");
    const list = await (await fetch(answer.url)).text();
    const keys = [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key).filter((key) => key.endsWith(`/${name}`));
    assert.equal(keys.length, 1, list);
    if (uploaded[0].key) assert.equal(uploaded[0].key, keys[0]);
    const path = keys[0].split("/").map(encodeURIComponent).join("/");
    const { url } = await ask(`/uploads/${path}`);
    const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
    assert.equal(bytes.length, SIZE);
    assert.equal(hash(bytes), hash(Buffer.alloc(SIZE, seed)));
    // Uppy 5 misses the Location of a form's answer, which the bucket does not expose, and goes on without it.
    assertQuiet(page, /^Failed to load resource|Could not read the Location header/);

    const before = sent.length;
    const refused = await upload({ ...order, size: MOST + 1, seed: "" });
    page.removeAllListeners("request");
    assert.match(refused.failed.join(), new RegExp(`${MOST + 1} bytes; ${MOST} are allowed`));
    assert.ok(sent.slice(before).every(([method]) => method !== "PUT"), "the endpoint says so before anything is sent");
    // Uppy says it in the console too.
    page.said = [];
  });
}

async function ask(path) {
  const answer = await fetch(stack.outputs.endpoint + path, { headers: { Authorization: token } });
  assert.equal(answer.status, 200);
  return answer.json();
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
