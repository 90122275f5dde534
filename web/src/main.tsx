import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { UploadPage } from "./UploadPage";

// The name of the tab, and of the account in an authenticator app.
document.title = import.meta.env.VITE_BRAND_NAME?.trim() || document.title;

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <UploadPage />
    </StrictMode>,
  );
}
