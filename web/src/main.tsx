import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { readConfig } from "./config";
import { Endpoint } from "./endpoint";
import { configure } from "./session";
import { Setup } from "./Setup";
import "./style.css";
import { Uploads } from "./uploads";

const config = readConfig(import.meta.env);

function Page() {
  if ("missing" in config) return <Setup missing={config.missing} />;
  return <App config={config} endpoint={endpoint} uploads={uploads} />;
}

const endpoint = new Endpoint("missing" in config ? "" : config.endpoint);
const uploads = new Uploads(endpoint);
if (!("missing" in config)) configure(config);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Page />
    </StrictMode>,
  );
}
