/**
 * The texts of the page in the person's language. English is in the page; a language of its own file is loaded when the
 * browser asks for it. A new language is one more file beside `de.ts`.
 */

import english, { type Texts } from "./en";

const FILES = import.meta.glob<Texts>(["./*.ts", "!./en.ts", "!./index.ts"], { import: "default" });

let chosen = english;
let tag = "en";

/** The texts. Read them while rendering: they change once, before the first rendering. */
export function texts(): Texts {
  return chosen;
}

/** The BCP 47 tag for dates and numbers: the browser's own with its region, where the page has its language. */
export function locale(): string {
  return tag;
}

/** Loads the first language of the browser that the page has. Without a network the page stays English. */
export async function loadLanguage(wanted: readonly string[] = navigator.languages): Promise<void> {
  for (const it of wanted) {
    const [language = ""] = it.toLowerCase().split("-");
    const load = FILES[`./${language}.ts`];
    if (!load && language !== "en") continue;
    try {
      if (load) chosen = await load();
      tag = it;
    } catch {
      // English then.
    }
    break;
  }
  document.documentElement.lang = tag;
  document.documentElement.dir = chosen.direction;
}
