/** The whole page as one component, for any React app that Vite builds. The outputs of the stack configure it. */

import { useEffect, useState } from "react";
import { Endpoint, Files, Refusal, Uploads } from "@stackctl/uploads";
import { App } from "./App";
import { readConfig } from "./config";
import { Thumbnails } from "./folder/thumbnails";
import { loadLanguage } from "./languages";
import { configure, errorName, idToken } from "./sign-in/session";
import { Setup } from "./Setup";
import "./style/tokens.css";
import "./style/controls.css";
import "./style/base.css";

const config = readConfig(import.meta.env);
if (!("missing" in config)) configure(config);

const endpoint = new Endpoint("missing" in config ? "" : config.endpoint, async (renew) => {
  try {
    return await idToken(renew);
  } catch (error) {
    throw errorName(error) === "NetworkError" ? new Refusal("unreachable") : new Refusal("signed out");
  }
});
const uploads = new Uploads(endpoint);
const stores = { endpoint, uploads, files: new Files(endpoint, uploads), thumbnails: new Thumbnails(endpoint) };
const language = loadLanguage();

export function UploadPage() {
  const [hasLanguage, setHasLanguage] = useState(false);
  useEffect(() => void language.then(() => setHasLanguage(true)), []);
  if (!hasLanguage) return null;
  if ("missing" in config) return <Setup missing={config.missing} />;
  return <App config={config} {...stores} />;
}
