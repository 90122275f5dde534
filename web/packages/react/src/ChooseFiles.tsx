/** A button that opens the browser's dialog for files. */

import { useRef, type ButtonHTMLAttributes } from "react";
import { pickFiles } from "@stackctl/uploads";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The accessible name of the hidden input. */
  label: string;
  /** Media types such as `image/*`; none: any. */
  contentTypes?: readonly string[];
  add: (files: File[]) => void;
}

/** Takes the attributes and children of a `button`. Where the browser gives handles, the files have them. */
export function ChooseFiles({ label, contentTypes = [], add, ...button }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const choose = async () => {
    const files = await pickFiles(contentTypes);
    if (!files) input.current?.click();
    else if (files.length > 0) add(files);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        accept={contentTypes.length > 0 ? contentTypes.join(",") : undefined}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same file can be chosen again.
          currentTarget.value = "";
          if (files.length > 0) add(files);
        }}
      />
      <button type="button" {...button} onClick={() => void choose()} />
    </>
  );
}
