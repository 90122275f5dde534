// The packages as npm has them: packed, installed into a project of its own, compiled with the examples of their READMEs, and
// a page that has nothing but the hooks signs in and uploads in the browser; with React 19 and with React 18.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { assertQuiet, launch, open } from "./browser.mjs";
import { folderOf, freePort, Stack, WEB } from "./cloud.mjs";
import { serve } from "./pages.mjs";

const run = promisify(execFile);
const NAMES = ["uploads", "react"];
const VERSION = "1.2.3";

/** The folders of React and its types, by the version. */
const REACTS = { 19: join(WEB, "node_modules"), 18: join(WEB, "tests/react18/node_modules") };

let browser, tarballs;
/** A project for each React. */
const projects = {};

/** The files of a README: each begins with its name as a comment. */
const examples = (name) =>
  Object.fromEntries([...readFileSync(join(WEB, "packages", name, "README.md"), "utf8").matchAll(/^```tsx?\n(\/\/ (\S+)[\s\S]*?)^```$/gm)].map(([, text, path]) => [path, text]));

async function npm(folder, ...args) {
  const env = { ...process.env, npm_config_cache: join(folderOf("packages"), "cache"), npm_config_offline: "true" };
  return run("npm", [...args, "--no-audit", "--no-fund", "--silent"], { cwd: folder, env });
}

before(async () => {
  browser = await launch();
  const folder = folderOf("packages");
  await run(join(WEB, "packages/build"), [join(folder, "built"), VERSION]);
  tarballs = [];
  for (const name of NAMES) {
    const { stdout } = await npm(join(folder, "built", name), "pack", "--json", "--pack-destination", folder);
    tarballs.push(JSON.parse(stdout)[0]);
  }
  for (const [version, modules] of Object.entries(REACTS)) {
    const project = join(folder, `react-${version}`);
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{ "name": "mine", "private": true, "type": "module" }');
    // npm links folders: the packages of `web/` stand in for those of the registry.
    const reacts = ["react", "react-dom", "@types/react", "@types/react-dom"].map((it) => join(modules, it));
    const others = ["aws-amplify", "vite", "typescript"].map((it) => join(WEB, "node_modules", it));
    await npm(project, "install", ...tarballs.map(({ filename }) => join(folder, filename)), ...reacts, ...others);
    projects[version] = project;
  }
});

after(() => browser?.close());

test("a package has its code, types, README and licences, and nothing else", () => {
  const project = projects[19];
  for (const [index, name] of NAMES.entries()) {
    const installed = join(project, "node_modules/@stackctl", name);
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    assert.deepEqual([manifest.name, manifest.version, manifest.license, manifest.sideEffects, manifest.type], [`@stackctl/${name}`, VERSION, "MIT OR Apache-2.0", false, "module"]);
    assert.equal(manifest.private, undefined);
    assert.equal(manifest.scripts, undefined);
    assert.equal(manifest.dependencies, undefined);
    for (const it of Object.values(manifest.exports["."])) assert.ok(existsSync(join(installed, it)), it);
    const paths = tarballs[index].files.map(({ path }) => path);
    assert.deepEqual(paths.filter((it) => !it.startsWith("dist/")).sort(), ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"]);
    for (const it of paths.filter((it) => it.startsWith("dist/"))) assert.match(it, /\.(d\.ts|js)$/);
  }
  // React and the other package are the project's own, once.
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(join(project, "node_modules/@stackctl/react/package.json"), "utf8")).peerDependencies), ["@stackctl/uploads", "react"]);
  assert.equal(existsSync(join(project, "node_modules/@stackctl/react/node_modules")), false);
});

test("Node.js loads them, and a server renders the hooks", async () => {
  const code = `
    import { createElement, version } from "react";
    import { renderToString } from "react-dom/server";
    import { Endpoint, Files, Uploads } from "@stackctl/uploads";
    import { ChooseFiles, useFiles, useOnline, useSummary, useUploads } from "@stackctl/react";
    const endpoint = new Endpoint("https://endpoint.test", async () => undefined);
    const uploads = new Uploads(endpoint);
    const files = new Files(endpoint, uploads);
    const Mine = () => [useSummary(useUploads(uploads)).count, useFiles(files).is, String(useOnline()), createElement(ChooseFiles, { key: 1, label: "Files", add() {} }, "Upload")];
    console.log(version, renderToString(createElement(Mine)));`;
  for (const [version, project] of Object.entries(projects)) {
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", code], { cwd: project });
    assert.ok(stdout.startsWith(`${version}.`), stdout);
    assert.match(stdout, /^\S+ 0.*looking.*true.*<button type="button">Upload<\/button>/);
  }
});

const MAIN = `import { createElement, version } from "react";
import { createRoot } from "react-dom/client";
import App from "./App";
document.title = version;
createRoot(document.getElementById("root")!).render(createElement(App));
`;

for (const version of Object.keys(REACTS)) {
  test(`the examples of the READMEs compile, strictly and with every resolution, and upload, with React ${version}`, async () => {
    const project = projects[version];
    mkdirSync(join(project, "src"));
    for (const name of NAMES) for (const [path, text] of Object.entries(examples(name))) writeFileSync(join(project, path), text);
    assert.deepEqual(readdirSync(join(project, "src")).sort(), ["App.tsx", "MyFiles.tsx", "session.ts", "uploads.ts"]);
    writeFileSync(join(project, "src/main.ts"), MAIN);
    writeFileSync(join(project, "index.html"), '<!doctype html>\n<title>Mine</title>\n<div id="root"></div>\n<script type="module" src="/src/main.ts"></script>\n');
    // Of the packages, the types are checked too; those of aws-amplify would not pass.
    for (const [module, include] of [["esnext", ["src"]], ["nodenext", ["src/uploads.ts"]]]) {
      const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, jsx: "react-jsx", target: "es2022", lib: ["es2023", "dom", "dom.iterable"] };
      const compilerOptions = { ...strict, module, moduleResolution: module === "nodenext" ? module : "bundler", skipLibCheck: module === "esnext", types: module === "esnext" ? ["vite/client"] : [] };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include }));
      await run(process.execPath, [join(WEB, "node_modules/typescript/bin/tsc"), "--project", project], { cwd: project }).catch(({ stdout }) => assert.fail(stdout));
    }

    const port = await freePort();
    const stack = await Stack.apply(`page-packages-${version}`, (text) => text.replaceAll("5173", String(port)));
    const site = await serve(await stack.variables(), port, project);
    try {
      const { username, password } = await stack.person("ada");
      const page = await open(browser, site.url);
      await page.getByLabel("User name").fill(username);
      await page.getByLabel("Password").fill("not it");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").filter({ hasText: "Incorrect username or password" }).waitFor();
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByLabel("Your own password").fill("Lovelace-1815");
      await page.getByRole("button", { name: "Save" }).click();
      assert.match(await page.title(), new RegExp(`^${version}\\.`));
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Upload" }).click();
      await (await chooser).setFiles([{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("from ada") }]);
      await page.getByText("1 of 1").waitFor();
      const it = page.getByRole("listitem").filter({ hasText: "notes.txt" });
      await page.reload();
      await it.getByRole("button", { name: "Delete" }).click();
      await it.waitFor({ state: "detached" });
      assertQuiet(page);
    } finally {
      await site.stop();
    }
  });
}
