/** The names of folders, as a person knows them. */

import type { Folder, Limits } from "@stackctl/uploads";
import { texts } from "../languages";
import type { IconName } from "../Icon";
import { size, typesInWords } from "../words";

export interface Named {
  folder: Folder;
  label: string;
  /** What tells folders of one label apart; often empty. */
  detail: string;
  icon: IconName;
  isOwn: boolean;
  mayPut: boolean;
}

/** The folders with their names. A folder above others, such as `uploads/`, has the files of all. */
export function named(folders: readonly Folder[], sub: string): Named[] {
  const own = folders.filter(({ path }) => isOwn(path, sub));
  return folders.map((folder) => {
    const { path, verbs } = folder;
    const parts = path.split("/").filter(Boolean);
    const mayPut = verbs.length === 0 || verbs.includes("put");
    if (path === "" || isOwn(path, sub)) {
      const detail = own.length > 1 ? parts.filter((it) => it !== sub).join("/") : "";
      return { folder, label: texts().places.own, detail, icon: "person", isOwn: true, mayPut };
    }
    const last = parts.at(-1) ?? path;
    const isAbove = folders.some((it) => it !== folder && it.path.startsWith(path));
    const label = isAbove ? texts().places.all(last) : last;
    return { folder, label, detail: parts.slice(0, -1).join("/"), icon: parts.length > 1 ? "people" : "folder", isOwn: false, mayPut };
  });
}

function isOwn(path: string, sub: string): boolean {
  return path.split("/").includes(sub);
}

/** `Up to 32 MB each. Only images, text, and PDF.` */
export function limitsInWords({ maxBytes, contentTypes }: Limits): string {
  return texts().zone.limits(size(maxBytes), typesInWords(contentTypes));
}
