// The page as `stackctl init --page` gives it to people: an app of its own, and a part of a project with React and Vite.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { build, preview } from "vite";
import { assertQuiet, choose, launch, open, signIn, stored } from "./browser.mjs";
import { folderOf, freePort, Stack, WEB } from "./cloud.mjs";

const run = promisify(execFile);
const notes = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

/** A folder where `stackctl init --page` ran; the packages are those of `web/`, so that no test needs the network. */
async function initialized(name, port) {
  const folder = folderOf(name);
  symlinkSync(join(WEB, "node_modules"), join(folder, "node_modules"));
  const args = ["init", "--page", "--yes", "--name", name, "--origin", `http://localhost:${port}`];
  const { stdout } = await run(process.env.STACKCTL ?? "", args, { cwd: folder });
  return { folder, stdout };
}

async function built(folder, port) {
  for (const name of Object.keys(process.env)) if (name.startsWith("VITE_")) delete process.env[name];
  const config = { root: folder, logLevel: "warn", build: { emptyOutDir: true }, preview: { port, strictPort: true, host: "127.0.0.1" } };
  await build(config);
  return preview(config);
}

test("in an empty folder, an app that signs in and uploads", async () => {
  const port = await freePort();
  const { folder, stdout } = await initialized("page-init", port);
  assert.match(stdout, /stackctl apply --local/);
  const stack = await Stack.of(join(folder, "stack.yaml"));
  const file = join(folder, ".env.local");
  writeFileSync(file, "MINE=1\n");
  await stack.run("outputs", "--format", "vite", "--write", file);
  assert.match(readFileSync(file, "utf8"), /^MINE=1\n\n# begin: stackctl outputs --format vite/);
  // Its package.json names everything that the sources import.
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
    const { version } = JSON.parse(readFileSync(join(WEB, "node_modules", name, "package.json"), "utf8"));
    assert.equal(range, `^${version}`, name);
  }
  await run(join(WEB, "node_modules/.bin/tsc"), ["--noEmit"], { cwd: folder });
  const server = await built(folder, port);
  try {
    const page = await open(browser, `http://localhost:${port}`);
    await signIn(page, await stack.settledPerson("ada"));
    await choose(page, [notes]);
    await stored(page, "notes.txt").waitFor();
    assertQuiet(page);
  } finally {
    await server.close();
  }
});

test("in a project with React and Vite, a component", async () => {
  const port = await freePort();
  const folder = folderOf("page-part");
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write("package.json", JSON.stringify({ name: "part", type: "module", dependencies: { react: "19" }, devDependencies: { vite: "8" } }));
  write("vite.config.js", 'import react from "@vitejs/plugin-react";\nexport default { plugins: [react()] };\n');
  write("index.html", '<!doctype html><title>Mine</title><div id="root"></div><script type="module" src="/main.jsx"></script>');
  const { stdout } = await initialized("page-part", port);
  const line = /^ +(import .*UploadPage";)/m.exec(stdout)?.[1];
  assert.ok(line, stdout);
  write("src/App.jsx", `${line}\nexport const App = () => <UploadPage />;\n`);
  write("main.jsx", 'import { createRoot } from "react-dom/client";\nimport { App } from "./src/App.jsx";\ncreateRoot(document.getElementById("root")).render(<App />);\n');
  const server = await built(folder, port);
  try {
    const page = await open(browser, `http://localhost:${port}`);
    await page.getByRole("heading", { name: "This page is not configured yet" }).waitFor();
    assert.equal(await page.title(), "Mine");
    assertQuiet(page);
  } finally {
    await server.close();
  }
});
