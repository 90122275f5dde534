/** The Content-Security-Policy of the page: itself, the three places that it talks to, and the bucket's files. */

import type { Plugin } from "vite";

type Environment = Record<string, string | undefined>;

/** Where the page may connect to: the endpoint, the sign-in, and the bucket. */
export function places(env: Environment): string[] {
  const places = new Set<string>();
  const { VITE_REGION: region, VITE_COGNITO_ENDPOINT: local } = env;
  for (const url of [env.VITE_ENDPOINT, local ?? (region && `https://cognito-idp.${region}.${domain(region)}`), bucket(env)]) {
    if (url && URL.canParse(url)) places.add(new URL(url).origin);
  }
  return [...places];
}

/** The origin of the files. The local cloud answers for the bucket too. */
function bucket({ VITE_REGION: region, VITE_BUCKET: bucket, VITE_COGNITO_ENDPOINT: local }: Environment): string | undefined {
  if (local) return URL.canParse(local) ? new URL(local).origin : undefined;
  return region && bucket ? `https://${bucket}.s3.${region}.${domain(region)}` : undefined;
}

function domain(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

/** `scripts` and `styles`: what else than the page's own files is taken, nothing in what is published. */
function policy(env: Environment, scripts = "", styles = ""): string {
  // Previews are images, audio, video and framed PDFs of the bucket; a download is a frame too.
  const files = bucket(env) ?? "'none'";
  const rules = [
    "default-src 'none'",
    `script-src 'self'${scripts}`,
    `style-src 'self'${styles}`,
    `img-src ${["'self'", bucket(env)].filter(Boolean).join(" ")}`,
    `media-src ${files}`,
    `frame-src ${files}`,
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
