/** Where files are dropped or chosen. */

import { useDropzone } from "react-dropzone";
import { Icon } from "./Icon";
import { pickFiles } from "./uploads";

export function Drop({ add }: { add: (files: File[]) => void }) {
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    onDrop: (files) => files.length > 0 && add([...files]),
    // The button is what is clicked and focused.
    noClick: true,
    noKeyboard: true,
  });
  const choose = async () => {
    const files = await pickFiles();
    if (files) add(files);
    else open();
  };
  return (
    <section {...getRootProps({ className: isDragActive ? "drop active" : "drop", role: "region", tabIndex: undefined, "aria-labelledby": "drop-title" })}>
      <input {...getInputProps({ "aria-label": "Files to upload", tabIndex: -1 })} />
      <Icon name="upload" />
      <h1 id="drop-title">{isDragActive ? "Let go to upload" : "Upload files"}</h1>
      <p className="quiet with-mouse">Drop them here, several at once if you like, or</p>
      <button type="button" className="primary" onClick={() => void choose()}>Choose files</button>
    </section>
  );
}
