import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { UploadPage } from "./UploadPage";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <UploadPage />
    </StrictMode>,
  );
}
