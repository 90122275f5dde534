/** The whole page as one component, for any React app that Vite builds. The outputs of the stack configure it. */

import { useEffect, useState } from "react";
import { App } from "./App";
import { readConfig } from "./config";
import { Endpoint } from "./endpoint";
import { loadLanguage } from "./languages";
import { configure } from "./sign-in/session";
import { Setup } from "./Setup";
import "./style.css";
import { Uploads } from "./uploads";

const config = readConfig(import.meta.env);
const endpoint = new Endpoint("missing" in config ? "" : config.endpoint);
const uploads = new Uploads(endpoint);
if (!("missing" in config)) configure(config);

const language = loadLanguage();

export function UploadPage() {
  const [hasLanguage, setHasLanguage] = useState(false);
  useEffect(() => void language.then(() => setHasLanguage(true)), []);
  if (!hasLanguage) return null;
  if ("missing" in config) return <Setup missing={config.missing} />;
  return <App config={config} endpoint={endpoint} uploads={uploads} />;
}
