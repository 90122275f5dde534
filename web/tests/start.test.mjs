// docs/five-minutes.md, step by step: a new Vite project, no Rust, no AWS account; then its page signs in and uploads.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { assertQuiet, choose, enter, launch, open, stored } from "./browser.mjs";
import { freePort, WEB } from "./cloud.mjs";

const run = promisify(execFile);
const PAGE = readFileSync(join(WEB, "../docs/five-minutes.md"), "utf8");
/** The commands of stackctl before the page runs, and those after it. */
const [BEGIN, END] = PAGE.split("$ npm run dev").map((text) => [...text.matchAll(/^\$ stackctl (.+)$/gm)].map(([, it]) => it.split(" ")));
/** The commands that ask; there is no terminal here. */
const ASK = ["init", "apply", "destroy"];
/** What a Rust installation puts on the PATH: here programs that fail, and leave a note. */
const RUST = ["cargo", "rustc", "rustup", "cargo-lambda"];

let browser, folder, project, port, server;

before(async () => {
  [browser, port] = await Promise.all([launch(), freePort()]);
  // Outside of this repository, whose workspace has the function as a package.
  folder = mkdtempSync(join(tmpdir(), "stackctl-start-"));
  project = join(folder, "photos");
  mkdirSync(join(folder, "home"));
  mkdirSync(join(folder, "bin"));
  for (const name of RUST) {
    const program = join(folder, "bin", name);
    writeFileSync(program, `#!/bin/sh\necho ${name} "$@" >> ${folder}/called\nexit 99\n`);
    chmodSync(program, 0o755);
  }
});

after(async () => {
  server?.kill();
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The environment of a user without Rust, whose home folder is empty. */
function environment() {
  const { PATH, STACKCTL, STACKCTL_LOCAL_STATE, XDG_CACHE_HOME = join(homedir(), ".cache") } = process.env;
  const path = [join(folder, "bin"), dirname(STACKCTL), PATH].join(delimiter);
  return { HOME: join(folder, "home"), LANG: "C.UTF-8", NO_COLOR: "1", PATH: path, STACKCTL_LOCAL_STATE, XDG_CACHE_HOME };
}

/** Runs a command in the project, without a terminal; what it prints on stdout. */
async function does(command, ...args) {
  try {
    return (await run(command, args, { cwd: project, env: environment() })).stdout;
  } catch (error) {
    throw new Error(`${command} ${args.join(" ")}\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}

/** Stands in for `npm install`: the packages of this folder, each by a link. */
function install() {
  const packages = join(WEB, "node_modules");
  mkdirSync(join(project, "node_modules"));
  for (const name of readdirSync(packages).filter((it) => !it.startsWith("."))) {
    symlinkSync(join(packages, name), join(project, "node_modules", name));
  }
}

/** Runs the commands of stackctl, all but those for the local cloud of the tests; what each prints, by its first word. */
async function follow(commands) {
  const said = {};
  for (const command of commands.filter(([first]) => first !== "local")) {
    said[command[0]] = await does("stackctl", ...command, ...(ASK.includes(command[0]) ? ["--yes"] : []));
  }
  return said;
}

async function serve() {
  const vite = join(project, "node_modules/vite/bin/vite.js");
  server = spawn(process.execPath, [vite], { cwd: project, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (data) => (said += data));
  for (let tries = 0; !said.includes("Local:"); tries += 1) {
    assert.ok(tries < 300 && server.exitCode === null, said);
    await new Promise((done) => setTimeout(done, 100));
  }
}

test("a new Vite project without Rust signs in and uploads", async () => {
  const scaffold = [join(WEB, "node_modules/create-vite/index.js"), "photos", "--template", "react-ts", "--no-interactive"];
  await run(process.execPath, scaffold, { cwd: folder, env: environment() });
  install();
  const config = join(project, "vite.config.ts");
  writeFileSync(config, readFileSync(config, "utf8").replace("plugins: [", `server: { port: ${port}, strictPort: true },\n  plugins: [`));

  const { init, user } = await follow(BEGIN);
  assert.ok(PAGE.includes(init.replaceAll(String(port), "5173").trim()), `docs/five-minutes.md has another output than\n${init}`);
  assert.ok(PAGE.includes(`$ ${/npm install .+/.exec(init)[0]}\n`), "the page installs the packages that init names");
  assert.equal(existsSync(join(folder, "called")), false, "nothing of Rust was called");
  writeFileSync(join(project, "src/App.tsx"), /^```tsx\n([\s\S]*?)^```$/m.exec(PAGE)[1]);
  // `npm run build` of the template begins with this.
  await does(process.execPath, join(project, "node_modules/typescript/bin/tsc"), "-b");

  await serve();
  const page = await open(browser, `http://localhost:${port}`);
  await enter(page, { username: "me", password: /temporary password\s+(\S+)/.exec(user)[1] });
  await page.getByLabel("New password").fill("Lovelace-1815");
  await page.getByRole("button", { name: "Save and sign in" }).click();
  await page.getByText("Nothing here yet.").waitFor();
  await choose(page, [{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("five minutes") }]);
  await stored(page, "notes.txt").waitFor();
  assertQuiet(page);
  const { verify } = await follow(END);
  assert.match(verify, /^Verified/m);
});
