// A local cloud of the tests' own, stacks in it, people in their pools, and pages that are served for them.

import { execFile } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
export const WEB = dirname(dirname(fileURLToPath(import.meta.url)));
const REPOSITORY = dirname(WEB);

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Runs stackctl; what it says on stdout. */
export async function stackctl(program, state, args) {
  const env = { ...process.env, STACKCTL_LOCAL_STATE: state, NO_COLOR: "1" };
  delete env.AWS_ENDPOINT_URL;
  try {
    return (await run(program, args, { cwd: REPOSITORY, env, maxBuffer: 1 << 26 })).stdout;
  } catch (error) {
    throw new Error(`stackctl ${args.join(" ")}\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}

export class LocalCloud {
  #program;
  #folder;

  constructor(program) {
    this.#program = program;
    // Below the repository: the functions of the stacks are packages of its workspace.
    const target = join(REPOSITORY, "target");
    mkdirSync(target, { recursive: true });
    this.#folder = mkdtempSync(join(target, "web-tests-"));
  }

  async start() {
    const port = String(await freePort());
    await stackctl(this.#program, this.#state, ["local", "up", "--port", port, "--region", "eu-west-1"]);
  }

  async stop() {
    await stackctl(this.#program, this.#state, ["local", "down"]).catch((error) => console.error(error.message));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What the tests' processes need to know. */
  environment() {
    return { STACKCTL: this.#program, STACKCTL_LOCAL_STATE: this.#state };
  }

  get #state() {
    return join(this.#folder, "cloud");
  }
}

/** A folder of a test file's own, which the tests remove. */
export function folderOf(name) {
  const folder = join(dirname(process.env.STACKCTL_LOCAL_STATE ?? ""), name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A stack of a test file's own, made from the page's `web/stack.yaml`. */
export class Stack {
  outputs;
  #file;

  /** `change` gets the text of the file and gives back another. */
  static async apply(name, change = (text) => text) {
    const text = readFileSync(join(WEB, "stack.yaml"), "utf8").replace(/^stack: .*$/m, `stack: ${name}`);
    const file = join(folderOf(name), "stack.yaml");
    writeFileSync(file, change(text));
    return Stack.of(file);
  }

  /** The stack of a file, applied. */
  static async of(file) {
    const stack = new Stack();
    stack.#file = file;
    await stack.run("apply", "--yes");
    stack.outputs = JSON.parse(await stack.run("outputs", "--format", "json"));
    return stack;
  }

  run(...args) {
    const { STACKCTL, STACKCTL_LOCAL_STATE } = process.env;
    if (!STACKCTL || !STACKCTL_LOCAL_STATE) throw new Error("start these tests with tests/run");
    return stackctl(STACKCTL, STACKCTL_LOCAL_STATE, [...args, "--local", "--file", this.#file]);
  }

  /** The outputs in the form that the page reads, as variables. */
  async variables() {
    const lines = (await this.run("outputs", "--format", "vite")).trim().split("\n");
    return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).replace(/^'(.*)'$/, "$1")]));
  }

  /** An administrator makes a person with a temporary password. */
  async person(username, TemporaryPassword = "Temporary-1") {
    const UserPoolId = this.outputs.user_pool_id;
    await this.cognito("AdminCreateUser", { UserPoolId, Username: username, TemporaryPassword, MessageAction: "SUPPRESS" });
    return { username, password: TemporaryPassword };
  }

  /** A person who chose a password already. */
  async settledPerson(username, Password = "Lovelace-1815") {
    await this.person(username);
    const UserPoolId = this.outputs.user_pool_id;
    await this.cognito("AdminSetUserPassword", { UserPoolId, Username: username, Password, Permanent: true });
    return { username, password: Password };
  }

  /** The last code that was sent to an address, once it is another one than `before`. */
  async code(address, before) {
    // Another file's people can have the same address.
    const [, name] = /^stack: (.*)$/m.exec(readFileSync(this.#file, "utf8")) ?? [];
    const { STACKCTL, STACKCTL_LOCAL_STATE } = process.env;
    for (let tries = 0; tries < 50; tries += 1) {
      const lines = (await stackctl(STACKCTL, STACKCTL_LOCAL_STATE, ["local", "messages", "--json", "--to", address])).trim().split("\n");
      const { code } = lines.map((it) => JSON.parse(it)).findLast(({ event, pool, code }) => event === "message" && pool.startsWith(`${name}-`) && code) ?? {};
      if (code && code !== before) return code;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`no code was sent to ${address}`);
  }

  /** Sends a request of an administrator to Cognito; the answer. */
  async cognito(operation, body) {
    const asked = {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(body),
    };
    return (await this.#send("cognito-idp", this.outputs.cognito_endpoint, asked)).json();
  }

  /** Writes an object, as a function of the stack does. */
  async put(objectKey, body) {
    await this.#send("s3", `${this.outputs.cognito_endpoint}/${this.outputs.bucket}/${objectKey}`, { method: "PUT", body });
  }

  async #send(service, url, asked) {
    const { STACKCTL, STACKCTL_LOCAL_STATE } = process.env;
    const key = JSON.parse(await stackctl(STACKCTL, STACKCTL_LOCAL_STATE, ["local", "env", "--format", "json"]));
    const response = await fetch(url, sign(key, service, url, asked));
    if (!response.ok) throw new Error(`${service}: ${await response.text()}`);
    return response;
  }
}

/** The request with a signature of version 4, for a URL without a query. */
export function sign(key, service, url, { method = "GET", headers = {}, body = "" }) {
  const { host, pathname } = new URL(url);
  const sha256 = (text) => createHash("sha256").update(text).digest("hex");
  const hmac = (secret, text) => createHmac("sha256", secret).update(text).digest();
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = [time.slice(0, 8), key.AWS_REGION, service, "aws4_request"];
  const signed = { ...headers, "x-amz-date": time, "x-amz-content-sha256": sha256(body) };
  const lines = Object.entries({ ...signed, host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = lines.map(([name]) => name).join(";");
  const canonical = [method, pathname, "", ...lines.map(([name, value]) => `${name}:${value}`), "", names, sha256(body)];
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), sha256(canonical.join("\n"))].join("\n");
  const secret = scope.reduce(hmac, `AWS4${key.AWS_SECRET_ACCESS_KEY}`);
  const signature = hmac(secret, toSign).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${key.AWS_ACCESS_KEY_ID}/${scope.join("/")}, SignedHeaders=${names}, Signature=${signature}`;
  return { method, headers: { ...signed, authorization }, ...(body && { body }) };
}
