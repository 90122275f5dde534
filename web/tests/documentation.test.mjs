// The code of docs/your-page.md, taken from that page: it passes TypeScript, and signs in and uploads in the browser.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { assertQuiet, launch, open } from "./browser.mjs";
import { freePort, Stack, WEB } from "./cloud.mjs";
import { serve } from "./pages.mjs";

/** The files of the page by their names: each begins with its name as a comment. */
const FILES = Object.fromEntries(
  [...readFileSync(join(WEB, "../docs/your-page.md"), "utf8").matchAll(/^```(?:tsx?|html)\n((?:\/\/|<!--) (\S+)[\s\S]*?)^```$/gm)]
    .map(([, text, name]) => [name, text]),
);
const SHARED = ["src/stack.ts", "src/session.ts", "src/upload.ts"];
const ROOT = '<!doctype html>\n<title>Upload</title>\n<div id="root"></div>\n<script type="module" src="/src/main.tsx"></script>\n';
const RENDER = 'import { createRoot } from "react-dom/client";\nimport App from "PAGE";\n\ncreateRoot(document.getElementById("root")!).render(<App />);\n';

let browser, port, stack, variables;

before(async () => {
  port = await freePort();
  [stack, browser] = await Promise.all([
    Stack.apply("page-documentation", (text) => text.replaceAll("5173", String(port))),
    launch(),
  ]);
  variables = await stack.variables();
});

after(() => browser?.close());

/** A project with these files, beside the packages of this folder; it passes TypeScript. */
async function project(files) {
  const folder = mkdtempSync(join(dirname(process.env.STACKCTL_LOCAL_STATE), "documentation-"));
  symlinkSync(join(WEB, "node_modules"), join(folder, "node_modules"));
  for (const [name, text] of Object.entries(files)) {
    assert.ok(text, `docs/your-page.md has no file ${name}`);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const compilerOptions = {
    strict: true, noEmit: true, module: "esnext", moduleResolution: "bundler", target: "es2023", skipLibCheck: true,
    verbatimModuleSyntax: true, erasableSyntaxOnly: true, noUnusedLocals: true, noUnusedParameters: true,
    jsx: "react-jsx", lib: ["es2023", "dom", "dom.iterable"], types: ["vite/client", "node", "react"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["**/*.ts", "**/*.tsx"] }));
  await promisify(execFile)(join(WEB, "node_modules/.bin/tsc"), ["--project", folder]).catch(({ stdout }) => assert.fail(stdout));
  return folder;
}

async function withPage(files, variables, use) {
  const folder = await project(files);
  const site = await serve(variables, port, folder);
  const page = await open(browser, site.url);
  await use(page).finally(async () => {
    await page.context().close();
    await site.stop();
    rmSync(folder, { recursive: true });
  });
}

const pick = (names) => Object.fromEntries(names.map((name) => [name, FILES[name]]));

/** The first sign-in of an added user, with the choice of a password. */
async function signInFirst(page, { username, password }) {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("New password").fill("Lovelace-1815");
  await page.getByRole("button", { name: "Save" }).click();
}

/** Signs in and uploads, in a page with the form of the documentation; then the file is in the bucket. */
async function upload(page, username) {
  await signInFirst(page, await stack.person(username));
  const text = `from ${username}`;
  await page.getByLabel("File").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Upload" }).click();
  const status = page.getByRole("status");
  await status.filter({ hasText: /^Uploaded as uploads\// }).waitFor();
  assert.equal(await page.getByRole("progressbar").evaluate((it) => it.value), 1);
  const key = (await status.textContent()).replace("Uploaded as ", "");
  assert.equal(await stored(page, key), text);

  await page.reload();
  await page.getByRole("button", { name: "Upload" }).waitFor();
  assertQuiet(page);
}

/** The content of an object, through the endpoint, as the signed-in user. */
async function stored(page, key) {
  const token = await page.evaluate(() => Object.entries(localStorage).find(([name]) => name.endsWith(".idToken"))[1]);
  const path = key.split("/").map(encodeURIComponent).join("/");
  const answer = await fetch(`${stack.outputs.endpoint}/${path}`, { headers: { Authorization: token } });
  assert.equal(answer.status, 200);
  return (await fetch((await answer.json()).url)).text();
}

test("the plain page signs in and uploads", async () => {
  await withPage(pick(["index.html", "src/main.ts", ...SHARED]), variables, (page) => upload(page, "ada"));
});

test("a wrong password is shown, and sign-in works afterwards", async () => {
  await withPage(pick(["index.html", "src/main.ts", ...SHARED]), variables, async (page) => {
    const { username, password } = await stack.settledPerson("eve");
    const signIn = async (password) => {
      await page.getByLabel("User name").fill(username);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
    };
    await signIn("Wrong-1234");
    await page.getByText("Incorrect username or password.").waitFor();
    await signIn(password);
    await page.getByRole("button", { name: "Upload" }).waitFor();
  });
});

test("the React component signs in and uploads", async () => {
  const files = pick(["src/UploadPage.tsx", "src/App.tsx", ...SHARED]);
  Object.assign(files, { "index.html": ROOT, "src/main.tsx": RENDER.replace("PAGE", "./App") });
  await withPage(files, variables, (page) => upload(page, "bea"));
});

/** The sources that `stackctl init --hooks` writes into a project, by their paths. */
async function hooks(dependencies) {
  const folder = mkdtempSync(join(dirname(process.env.STACKCTL_LOCAL_STATE), "hooks-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "hooks", dependencies }));
  const { stdout } = await promisify(execFile)(process.env.STACKCTL ?? "", ["init", "--hooks", "--yes"], { cwd: folder });
  const paths = readdirSync(join(folder, "src"), { recursive: true }).map((it) => `src/${it}`).filter((it) => /\.tsx?$/.test(it));
  return { stdout, files: Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")])) };
}

test("without React, the hooks' sources are those that need no framework, and compile alone", async () => {
  const { files, stdout } = await hooks({ vue: "3" });
  const line = /^ +(import .*);/m.exec(stdout)?.[1];
  assert.equal(line, 'import { Uploads } from "./stackctl/uploads"');
  assert.ok(Object.keys(files).every((it) => it.startsWith("src/stackctl/uploads/")));
  rmSync(await project({ ...files, "src/main.ts": `${line};\nexport const mine = (it: Uploads) => it.all();\n` }), { recursive: true });
});

test("the hooks make an interface of one's own", async () => {
  const main = 'import { signIn } from "./session";\nimport { createRoot } from "react-dom/client";\nimport MyFiles from "./MyFiles";\n\n' +
    'Object.assign(window, { signIn, show: () => createRoot(document.getElementById("root")!).render(<MyFiles />) });\n';
  const files = { ...pick(["src/MyFiles.tsx", "src/stack.ts", "src/session.ts"]), ...(await hooks({ react: "19" })).files, "index.html": ROOT, "src/main.tsx": main };
  await withPage(files, variables, async (page) => {
    const { username, password } = await stack.settledPerson("fay");
    await page.evaluate(([username, password]) => window.signIn(username, password), [username, password]);
    await page.evaluate(() => window.show());
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Upload" }).click();
    await (await chooser).setFiles([{ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("from fay") }]);
    await page.getByText("1 of 1").waitFor();
    const it = page.getByRole("listitem").filter({ hasText: "notes.txt" });
    await it.getByRole("button", { name: "Delete" }).click();
    await it.waitFor({ state: "detached" });
    assertQuiet(page);
  });
});

// Vite stands in for Next here: it compiles the same component, and replaces the same variables.
test("the component for Next signs in and uploads", async () => {
  const files = pick(["app/page.tsx", "lib/stack.ts"]);
  for (const name of ["session.ts", "upload.ts", "UploadPage.tsx"]) files[`lib/${name}`] = FILES[`src/${name}`];
  const next = (await stack.run("outputs", "--format", "next")).trim().split("\n").map((it) => it.split("="));
  const values = Object.fromEntries(next);
  files["lib/stack.ts"] = files["lib/stack.ts"].replace(/process\.env\.(\w+)/g, (_, name) => JSON.stringify(values[name]));
  Object.assign(files, { "index.html": ROOT, "src/main.tsx": RENDER.replace("PAGE", "../app/page") });
  await withPage(files, variables, (page) => upload(page, "cleo"));
});

test("Uppy uploads 40 MB in parts", async () => {
  const files = pick(["src/uppy.ts", ...SHARED]);
  const main = 'import { signIn } from "./session";\nimport { showUppy } from "./uppy";\n\n' +
    'Object.assign(window, { signIn, showUppy: () => Object.assign(window, { uppy: showUppy(document.getElementById("root")!) }) });\n';
  Object.assign(files, { "index.html": ROOT, "src/main.tsx": main });
  await withPage(files, variables, async (page) => {
    const { username, password } = await stack.settledPerson("dora");
    await page.evaluate(([username, password]) => window.signIn(username, password), [username, password]);
    await page.evaluate(() => window.showUppy());
    const buffer = Buffer.alloc(40 << 20, "in parts ");
    await page.locator("input[type=file]:not([webkitdirectory])").first().setInputFiles({ name: "film.mp4", mimeType: "video/mp4", buffer });
    await page.getByRole("button", { name: /Upload 1 file/ }).click();
    await page.getByText("Complete", { exact: true }).waitFor();
    const keys = await page.evaluate(() => window.uppy.getFiles().map((file) => file.response.body.key));
    assert.equal(keys.length, 1);
    assert.equal((await stored(page, keys[0])).length, buffer.length);
    // The page says so: the Dashboard's styles have pictures as `data:`.
    assertQuiet(page, /^Failed to load resource|^Loading the image 'data:image\/svg/);
  });
});

test("people make an account, confirm it, and replace a forgotten password", async () => {
  const open = await Stack.apply("page-documented-accounts", (text) =>
    text.replaceAll("5173", String(port)).replace("deletion_protection: false", "deletion_protection: false\n    sign_up: open"),
  );
  const files = pick(["src/accounts.ts", ...SHARED]);
  const main = 'import * as accounts from "./accounts";\nimport { signIn, signOut } from "./session";\n\nObject.assign(window, { ...accounts, signIn, signOut });\n';
  Object.assign(files, { "index.html": ROOT, "src/main.tsx": main });
  await withPage(files, await open.variables(), async (page) => {
    const call = (name, ...values) => page.evaluate(([name, values]) => window[name](...values), [name, values]);
    await call("signUp", "ada", "Lovelace-1815", "ada@example.org");
    await call("signUp", "ada", "Stranger-2026", "stranger@example.org");
    const first = await open.code("ada@example.org");
    await call("confirm", "ada", first);
    assert.equal(await call("signIn", "ada", "Lovelace-1815"), "signed in");
    await call("signOut");
    await call("forgotPassword", "ada");
    await call("forgotPassword", "nobody");
    await call("resetPassword", "ada", await open.code("ada@example.org", first), "Byron-1788");
    assert.equal(await call("signIn", "ada", "Byron-1788"), "signed in");
    assertQuiet(page);
  });
});
