/** The names of folders, as a person knows them. */

import type { Folder, Limits } from "@stackctl/uploads";
import { texts } from "../languages";
import type { IconName } from "../Icon";
import { size } from "../words";

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

/** `Up to 32 MB each. Images, Text, application/octet-stream only.` */
export function limitsInWords(limits: Limits): string {
  const { kinds, limits: sentence } = texts().zone;
  const types = limits.contentTypes.map((type) => kinds[type.replace("/*", "")] ?? kinds[type] ?? short(type));
  return sentence(size(limits.maxBytes), types.join(", "));
}

/** `application/pdf` as `PDF`; long names stay as they are. */
function short(type: string): string {
  const name = type.split("/").at(-1) ?? type;
  return /^[a-z0-9]{2,5}$/.test(name) ? name.toUpperCase() : type;
}
