import { randomUUID } from "node:crypto";
import react from "@vitejs/plugin-react";
import { defineConfig, loadEnv } from "vite";
import { contentSecurityPolicy, headers } from "./policy";

export default defineConfig(({ mode, command, isPreview }) => {
  const env = loadEnv(mode, process.cwd(), "VITE_");
  const nonce = randomUUID();
  const isServing = command === "serve" && !isPreview;
  return {
    plugins: [react(), contentSecurityPolicy(env, nonce)],
    // Relative: the page may live in any folder of a site.
    base: "./",
    ...(isServing && { html: { cspNonce: nonce } }),
    // An asset as `data:` would need a laxer policy.
    build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    // The stack's origins name this port: another one would be refused.
    server: { port: 5173, strictPort: true, host: "127.0.0.1" },
    preview: { port: 5173, strictPort: true, host: "127.0.0.1", headers: headers(env) },
  };
});
