// Pages as they are published: built by Vite with a stack's outputs, and served under the strict policy.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build, preview } from "vite";
import { WEB } from "./cloud.mjs";

/** Serves `root` (the page, when nothing is said) built with these variables. */
export async function serve(variables, port, root = WEB) {
  const outDir = mkdtempSync(join(tmpdir(), "stackctl-page-"));
  // Vite takes variables of the process; the developer's own file is none of the tests'.
  for (const name of Object.keys(process.env)) if (name.startsWith("VITE_")) delete process.env[name];
  Object.assign(process.env, variables);
  const config = {
    root,
    configFile: resolve(WEB, "vite.config.ts"),
    envDir: outDir,
    logLevel: "warn",
    build: { outDir, emptyOutDir: true },
    preview: { port, strictPort: true, host: "127.0.0.1" },
  };
  await build(config);
  const server = await preview(config);
  const stop = async () => {
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  };
  return { url: `http://localhost:${port}`, outDir, stop };
}
