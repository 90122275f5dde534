/** The Content-Security-Policy of the page: itself, and the three places that it talks to. */

import type { Plugin } from "vite";

type Environment = Record<string, string | undefined>;

/** Where the page may connect to: the endpoint, the sign-in, and the bucket. */
export function places(env: Environment): string[] {
  const places = new Set<string>();
  const add = (url: string | undefined) => url && URL.canParse(url) && places.add(new URL(url).origin);
  const { VITE_REGION: region, VITE_BUCKET: bucket, VITE_COGNITO_ENDPOINT: local } = env;
  add(env.VITE_ENDPOINT);
  if (local) {
    // The local cloud answers for all three.
    add(local);
  } else if (region) {
    const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    add(`https://cognito-idp.${region}.${domain}`);
    if (bucket) add(`https://${bucket}.s3.${region}.${domain}`);
  }
  return [...places];
}

/** `scripts` and `styles`: what else than the page's own files is taken, nothing in what is published. */
function policy(env: Environment, scripts = "", styles = ""): string {
  const rules = [
    "default-src 'none'",
    `script-src 'self'${scripts}`,
    `style-src 'self'${styles}`,
    "img-src 'self'",
    "manifest-src 'self'",
    `connect-src ${["'self'", ...places(env)].join(" ")}`,
    "form-action 'self'",
    "base-uri 'none'",
  ];
  return rules.join("; ");
}

/** Writes the policy into the page, so that it holds wherever the page is served from. */
export function contentSecurityPolicy(nonce: string): Plugin {
  let env: Environment = {};
  return {
    name: "content-security-policy",
    configResolved(config) {
      env = config.env;
    },
    transformIndexHtml: {
      order: "pre",
      handler(_, { server }) {
        // Vite's own server puts scripts and styles into the page while it is being written.
        const own = server ? ` 'nonce-${nonce}'` : "";
        const content = policy(env, own, own);
        return [{ tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content }, injectTo: "head-prepend" }];
      },
    },
    configurePreviewServer(server) {
      server.middlewares.use((_, response, next) => {
        for (const [name, value] of Object.entries(headers(env))) response.setHeader(name, value);
        next();
      });
    },
  };
}

/** What any web server should send with the page; the first says more than a meta tag can. */
function headers(env: Environment): Record<string, string> {
  return {
    "Content-Security-Policy": `${policy(env)}; frame-ancestors 'none'`,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
}
