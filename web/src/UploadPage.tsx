/** The whole page as one component, for any React app that Vite builds. The outputs of the stack configure it. */

import { App } from "./App";
import { readConfig } from "./config";
import { Endpoint } from "./endpoint";
import { configure } from "./session";
import { Setup } from "./Setup";
import "./style.css";
import { Uploads } from "./uploads";

const config = readConfig(import.meta.env);
const endpoint = new Endpoint("missing" in config ? "" : config.endpoint);
const uploads = new Uploads(endpoint);
if (!("missing" in config)) configure(config);

export function UploadPage() {
  if ("missing" in config) return <Setup missing={config.missing} />;
  return <App config={config} endpoint={endpoint} uploads={uploads} />;
}
