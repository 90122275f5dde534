/** The kinds of files, by their names: which icon a file has, and how it is previewed. */

import type { IconName } from "../Icon";

export type FileKind = "image" | "video" | "audio" | "pdf" | "text" | "archive" | "other";

const EXTENSIONS: Record<Exclude<FileKind, "other">, string> = {
  image: "avif bmp gif heic ico jpeg jpg png svg tif tiff webp",
  video: "avi m4v mkv mov mp4 ogv webm",
  audio: "aac flac m4a mp3 oga ogg opus wav",
  pdf: "pdf",
  text: "c css csv go html ini java js json jsonl log md py rs sh sql svelte toml ts tsx txt xml yaml yml",
  archive: "7z bz2 gz rar tar tgz xz zip zst",
};

const KINDS = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, all]) => all.split(" ").map((it) => [it, kind as FileKind] as const)),
);

export function kindOf(name: string): FileKind {
  const dot = name.lastIndexOf(".");
  return (dot >= 0 ? KINDS.get(name.slice(dot + 1).toLowerCase()) : undefined) ?? "other";
}

export const ICONS: Record<FileKind, IconName> = {
  image: "image",
  video: "video",
  audio: "audio",
  pdf: "text",
  text: "text",
  archive: "archive",
  other: "file",
};

/** The name in two pieces, so that one without room is cut before its end: `Survey of …` and `coast 2026.tif`. */
export function pieces(name: string): [string, string] {
  const end = Math.max(name.length - 10, Math.ceil(name.length / 2));
  return name.length > 16 ? [name.slice(0, end), name.slice(end)] : [name, ""];
}
