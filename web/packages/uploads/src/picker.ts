/** The browser's dialog for files, where it gives handles: with one, a file can be read again after a reload. */

import type { Handle } from "./parts/records";

interface Options {
  multiple: boolean;
  types?: { accept: Record<string, string[]> }[];
}

type Picker = (options: Options) => Promise<Handle[]>;

/**
 * The chosen files, each with its handle; none when the person chose none; undefined where there is no such dialog. The
 * dialog shows files of `contentTypes`, such as `image/*`, and any of them where there are none.
 */
export async function pickFiles(contentTypes: readonly string[] = []): Promise<File[] | undefined> {
  const { showOpenFilePicker } = window as { showOpenFilePicker?: Picker };
  const accept = Object.fromEntries(contentTypes.map((type) => [type, []]));
  const options = { multiple: true, ...(contentTypes.length > 0 && { types: [{ accept }] }) };
  try {
    const handles = await showOpenFilePicker?.(options);
    return handles && (await Promise.all(handles.map(async (handle) => Object.assign(await handle.getFile(), { handle }))));
  } catch (error) {
    const isCancelled = error instanceof DOMException && error.name === "AbortError";
    // A page inside another one may not open it.
    return isCancelled ? [] : undefined;
  }
}
