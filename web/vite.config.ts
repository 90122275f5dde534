import { randomUUID } from "node:crypto";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { contentSecurityPolicy } from "./policy.ts";

export default defineConfig(({ command, isPreview }) => {
  const nonce = randomUUID();
  const isBeingWritten = command === "serve" && !isPreview;
  return {
    plugins: [react(), contentSecurityPolicy(nonce)],
    // Relative: the page may live in any folder of a site.
    base: "./",
    ...(isBeingWritten && { html: { cspNonce: nonce } }),
    // An asset as `data:` would need a laxer policy.
    build: { assetsInlineLimit: 0, modulePreload: { polyfill: false } },
    // The stack's origins name this port: another one would be refused.
    server: { port: 5173, strictPort: true, host: "127.0.0.1" },
    preview: { port: 5173, strictPort: true, host: "127.0.0.1" },
  };
});
