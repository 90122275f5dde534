// A page of another origin that a developer opens while the local cloud runs. Whatever it sends, and in whatever way a
// browser lets it, nothing is created, run or readable.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./browser.mjs";
import { sign, stackctl } from "./cloud.mjs";

const SECRET = "TOP-SECRET-CONTENT";
const FORM = "application/x-www-form-urlencoded";
const TARGET = "AWSCognitoIdentityProviderService";

let browser, key, url, evil, marker, pool;

/** A request with the root key; its answer as text. */
async function root(service, path, request = {}) {
  const response = await fetch(url + path, sign(key, service, url + path, request));
  return { status: response.status, text: await response.text() };
}

const query = (service, body) => root(service, "/", { method: "POST", headers: { "content-type": FORM }, body });
const json = (service, target, body) =>
  root(service, "/", {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target },
    body: JSON.stringify(body),
  });

/** What a page could have changed. */
async function world() {
  const answers = [
    await query("iam", "Action=ListUsers&Version=2010-05-08"),
    await query("cloudformation", "Action=ListStacks&Version=2010-05-15"),
    await root("s3", "/"),
    await root("s3", "/foreign-page"),
    await root("lambda", "/2015-03-31/functions"),
    await root("apigateway", "/restapis"),
    await json("cognito-idp", `${TARGET}.ListUsers`, { UserPoolId: pool }),
    await json("ssm", "AmazonSSM.GetParameter", { Name: "/foreign-page" }),
  ];
  assert.ok(answers.every((it) => it.status === 200), JSON.stringify(answers));
  const text = answers.map((it) => it.text.replace(/<RequestId>[^<]*/g, "")).join("\n");
  return `${text}\nran: ${existsSync(marker)}`;
}

/** A template whose creation runs code on this machine. */
function template() {
  const code = `def handler(event, context):\n    open(${JSON.stringify(marker)}, 'w').close()\n`;
  const Role = "arn:aws:iam::000000000000:role/foreign-page";
  return JSON.stringify({
    Resources: {
      Role: { Type: "AWS::IAM::Role", Properties: { RoleName: "foreign-page", AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] } } },
      Function: { Type: "AWS::Lambda::Function", DependsOn: "Role", Properties: { Runtime: "python3.13", Handler: "index.handler", Code: { ZipFile: code }, Role } },
      Run: { Type: "Custom::Run", Properties: { ServiceToken: { "Fn::GetAtt": ["Function", "Arn"] } } },
    },
  });
}

const user = "Action=CreateUser&UserName=evil&Version=2010-05-08";
const stack = () => `Action=CreateStack&StackName=evil&Version=2010-05-15&Capabilities.member.1=CAPABILITY_NAMED_IAM&TemplateBody=${encodeURIComponent(template())}`;
const claims = ["test", "000000000000", "123456789012"].flatMap((name) => [
  `AWSAccessKeyId=${name}&Signature=x&Expires=9999999999`,
  `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${name}%2F20260101%2Fus-east-1%2Fiam%2Faws4_request&X-Amz-Date=29990101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0`,
]);

/** Addresses that do harm when they are only fetched. */
function addresses() {
  const signed = claims.flatMap((claim) => [
    `/x?${user}&${claim}`,
    `/?${user}&${claim}`,
    `/x?${stack()}&${claim}`,
    `/foreign-page/secret?${claim}`,
    `/?${claim}`,
  ]);
  return [...signed, `/?${user}`, "/foreign-page/secret", "/_stackctl/health", "/_ministack/health", "/_ministack/ses/messages", "/_aws/sqs/messages"].map((it) => url + it);
}

before(async () => {
  const { STACKCTL, STACKCTL_LOCAL_STATE } = process.env;
  key = JSON.parse(await stackctl(STACKCTL, STACKCTL_LOCAL_STATE, ["local", "env", "--format", "json"]));
  url = key.AWS_ENDPOINT_URL;
  marker = join(dirname(STACKCTL_LOCAL_STATE), "a-page-ran-code");
  const body = `<CreateBucketConfiguration><LocationConstraint>${key.AWS_REGION}</LocationConstraint></CreateBucketConfiguration>`;
  assert.equal((await root("s3", "/foreign-page", { method: "PUT", body })).status, 200);
  assert.equal((await root("s3", "/foreign-page/secret", { method: "PUT", body: SECRET })).status, 200);
  await json("ssm", "AmazonSSM.PutParameter", { Name: "/foreign-page", Value: SECRET, Type: "String" });
  pool = JSON.parse((await json("cognito-idp", `${TARGET}.CreateUserPool`, { PoolName: "foreign-page" })).text).UserPool.Id;
  evil = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<title>evil</title>"));
  await new Promise((done) => evil.listen(0, "127.0.0.1", done));
  browser = await launch();
});

after(async () => {
  await browser?.close();
  evil?.close();
});

/** What a page got to read of answers to `fetch`, in the page. */
const read = (page, requests) =>
  page.evaluate(
    (requests) =>
      Promise.all(
        requests.map(async ([address, options]) => {
          try {
            const answer = await fetch(address, options);
            return answer.type === "opaque" ? null : { address, status: answer.status, text: await answer.text() };
          } catch {
            return null;
          }
        }),
      ),
    requests,
  );

test("a page of another origin gets nothing done by images, forms and requests", async () => {
  const page = await open(browser, `http://127.0.0.1:${evil.address().port}/`);
  const then = await world();
  let tried = 0;

  await page.evaluate(
    (addresses) =>
      Promise.all(
        addresses.map((address) => new Promise((done) => Object.assign(new Image(), { onload: done, onerror: done, src: address }))),
      ),
    addresses(),
  );
  tried += addresses().length;
  assert.equal(await world(), then, "images");

  // Without asking before: a browser sends these, and hides the answer.
  const bodies = [
    ["/", FORM, user],
    ["/x", FORM, user],
    ["/", FORM, stack()],
    ["/foreign-page", FORM, user],
    ["/", "text/plain", user],
    ["/", "text/plain", JSON.stringify({ UserPoolId: pool, Username: "evil" })],
    ["/2015-03-31/functions", "text/plain", JSON.stringify({ FunctionName: "evil" })],
    ["/restapis", "text/plain", JSON.stringify({ name: "evil" })],
    ["/_ministack/reset", "text/plain", ""],
    ["/_ministack/config", "text/plain", "{}"],
    ["/_stackctl/strict", "text/plain", "{}"],
  ];
  const simple = [
    ...addresses().map((it) => [it, { mode: "no-cors" }]),
    ...bodies.flatMap(([path, type, body]) =>
      ["", ...claims].map((claim) => [`${url}${path}${claim && "?"}${claim}`, { mode: "no-cors", method: "POST", headers: { "content-type": type }, body }]),
    ),
  ];
  assert.ok((await read(page, simple)).every((it) => it === null));
  tried += simple.length;
  assert.equal(await world(), then, "requests without cors");

  for (const enctype of [FORM, "text/plain", "multipart/form-data"]) {
    for (const claim of ["", ...claims]) {
      for (const path of ["/", "/x", "/foreign-page"]) {
        const fields = { Action: "CreateUser", UserName: "evil", Version: "2010-05-08", key: "evil", file: "evil", AWSAccessKeyId: "test" };
        await page.evaluate(
          ([action, enctype, fields]) =>
            new Promise((done) => {
              const frame = document.body.appendChild(Object.assign(document.createElement("iframe"), { name: `f${Math.random()}` }));
              const form = document.body.appendChild(Object.assign(document.createElement("form"), { method: "POST", action, enctype, target: frame.name }));
              for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), { name, value }));
              frame.onload = done;
              form.submit();
            }),
          [`${url}${path}${claim && "?"}${claim}`, enctype, fields],
        );
        tried += 1;
      }
    }
  }
  assert.equal(await world(), then, "forms");

  // With a preflight, which must not allow it; and plain ones, whose answer must not be readable.
  const authorization = (service, name) => `AWS4-HMAC-SHA256 Credential=${name}/20260101/${key.AWS_REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const spelled = (service) => [
    authorization(service, "test"),
    authorization(service, "000000000000"),
    authorization(service, "test").replace("SHA256 ", "SHA256\t"),
    authorization(service, "test").replace("SHA256 ", "SHA256 x "),
    "AWS test:c2ln",
  ];
  const asked = [
    ...addresses().map((it) => [it, {}]),
    ...["PUT", "DELETE"].map((method) => [`${url}/foreign-page/secret`, { method, body: "evil" }]),
    ...spelled("cognito-idp").map((it) => [url, { method: "POST", headers: { authorization: it, "x-amz-target": `${TARGET}.AdminCreateUser`, "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify({ UserPoolId: pool, Username: "evil" }) }]),
    ...spelled("ssm").map((it) => [url, { method: "POST", headers: { authorization: it, "x-amz-target": "AmazonSSM.GetParameter", "content-type": "application/x-amz-json-1.1" }, body: '{"Name": "/foreign-page"}' }]),
    ...spelled("s3").flatMap((it) => ["/foreign-page/secret", "/foreign-page", "/"].map((path) => [url + path, { headers: { authorization: it } }])),
    ...spelled("lambda").map((it) => [`${url}/2015-03-31/functions`, { headers: { authorization: it } }]),
    ...spelled("iam").map((it) => [url, { method: "POST", headers: { authorization: it, "content-type": FORM }, body: user }]),
  ];
  assert.deepEqual((await read(page, asked)).filter((it) => it !== null), []);
  tried += asked.length;
  assert.equal(await world(), then, "requests with a preflight");

  // Not even with the sign-in's own target, whose answers pages may read: an administrator's operation is none.
  const admin = [[url, { method: "POST", headers: { "x-amz-target": `${TARGET}.AdminCreateUser`, "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify({ UserPoolId: pool, Username: "evil" }) }]];
  assert.deepEqual(await read(page, admin), [null]);
  assert.equal(await world(), then, "an administrator's operation");
  assert.ok(tried > 250, String(tried));

  // And the page does reach the local cloud: it may try to sign in.
  const signIn = [[url, { method: "POST", headers: { "x-amz-target": `${TARGET}.InitiateAuth`, "content-type": "application/x-amz-json-1.1" }, body: '{"ClientId": "none", "AuthFlow": "USER_SRP_AUTH"}' }]];
  assert.match((await read(page, signIn))[0].text, /ResourceNotFoundException/);
});

test("the same requests do harm with the root key", async () => {
  assert.equal((await query("iam", user)).status, 200);
  assert.equal((await query("cloudformation", stack())).status, 200);
  for (let waited = 0; !existsSync(marker) && waited < 20_000; waited += 100) await new Promise((done) => setTimeout(done, 100));
  assert.ok(existsSync(marker));
});
