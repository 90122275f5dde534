/** Sizes, times and refusals in words, in the person's language. */

import type { Refusal } from "@stackctl/uploads";
import { locale, texts } from "./languages";

const UNITS = ["KB", "MB", "GB", "TB"];

/** `512 bytes`, `30 MB`. */
export function size(bytes: number): string {
  if (bytes < 1024) return texts().bytes(bytes);
  let unit = -1;
  let value = bytes;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(2));
  return `${rounded.toLocaleString(locale())} ${UNITS[unit]}`;
}

/** `9.6 MB of 30 MB, 32%`. */
export function share(sent: number, all: number): string {
  const part = all > 0 ? Math.floor((100 * sent) / all) / 100 : 1;
  return texts().upload.share(size(sent), size(all), part.toLocaleString(locale(), { style: "percent" }));
}

type Style = "time" | "day" | "full";

const STYLES: Record<Style, Intl.DateTimeFormatOptions> = {
  time: { timeStyle: "short" },
  day: { dateStyle: "medium" },
  full: { dateStyle: "full", timeStyle: "short" },
};
const formats = new Map<Style, Intl.DateTimeFormat>();

/** The time of today, the day of earlier dates; `full` has both. */
export function time(date: Date, style: Style = isToday(date) ? "time" : "day"): string {
  const format = formats.get(style) ?? new Intl.DateTimeFormat(locale(), STYLES[style]);
  formats.set(style, format);
  return format.format(date);
}

function isToday(date: Date): boolean {
  return date.toDateString() === new Date().toDateString();
}

/** Media types such as `image/*` as `images, PDF, and application/octet-stream`. */
export function typesInWords(types: readonly string[]): string {
  const { kinds } = texts().zone;
  const words = types.map((type) => kinds[type.replace("/*", "")] ?? short(type));
  // Word and Excel have two types each.
  return new Intl.ListFormat(locale(), { type: "conjunction" }).format(new Set(words));
}

/** The files of Microsoft's programs, by a part of their media types. */
const PROGRAMS = { Word: /^application\/(msword|.*wordprocessingml)/, Excel: /^application\/(.*ms-excel|.*spreadsheetml)/, PowerPoint: /^application\/(.*ms-powerpoint|.*presentationml)/ };

/** `application/pdf` as `PDF`; long names stay as they are. */
function short(type: string): string {
  const [program] = Object.entries(PROGRAMS).find(([, part]) => part.test(type)) ?? [];
  if (program) return program;
  const name = type.split("/").at(-1) ?? type;
  return /^[a-z0-9]{2,5}$/.test(name) ? name.toUpperCase() : type;
}

/** The message for a refused upload, download or deletion. */
export function refusal({ kind, message, details }: Refusal, file?: { name: string; size: number; type: string }): string {
  const said = texts().refusal;
  switch (kind) {
    case "signed out":
      return said.signedOut;
    case "unreachable":
      return navigator.onLine ? said.unreachable : said.offline;
    case "too large": {
      const what = said.tooLarge(file ? size(file.size) : "");
      return typeof details.maxBytes === "number" ? said.tooLargeMost(what, size(details.maxBytes)) : explained(what, message);
    }
    case "type": {
      // The extension, as people know it.
      const [type = file?.type ?? ""] = /\.[a-z0-9]{1,8}$/i.exec(file?.name ?? "") ?? [];
      const what = said.type(type);
      return Array.isArray(details.allowed) ? said.typesAllowed(what, typesInWords(details.allowed.map(String))) : explained(what, message);
    }
    case "expired":
      return said.expired;
    case "not allowed":
      return explained(said.notAllowed, message);
    case "gone":
      return said.gone;
    case "there already":
      return said.thereAlready;
    case "another file":
      return said.anotherFile;
    case "elsewhere":
      return said.elsewhere;
    case "not found":
      return said.notFound;
    case "no such route":
      return said.noSuchRoute;
    case "busy":
      return said.busy;
    case "unreadable":
      return said.unreadable;
    case "refused":
      return explained(said.refused, message);
    case "broken":
      return explained(said.broken, message);
  }
}

function explained(what: string, why: string): string {
  if (!why) return `${what}.`;
  return `${what}: ${/[.!?]$/.test(why) ? why : `${why}.`}`;
}
