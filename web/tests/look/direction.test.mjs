// The style sheets know no left and no right, so that `dir="rtl"` turns all of the page around. That it does is seen where
// the views are: states.test.mjs and accounts/steps.test.mjs compare each with its mirror image.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { WEB } from "../cloud.mjs";

const SIDES = /(^|-)(left|right|top|bottom)(-|$)/;
const FOUR_SIDES = /^(margin|padding|inset|border-(width|style|color)|scroll-(margin|padding))$/;

/** What turns around in no other direction of writing, of the declarations of a style sheet. */
function physical(css) {
  const plain = css.replace(/\/\*[\s\S]*?\*\//g, "");
  const declarations = [...plain.matchAll(/([\w-]+)\s*:\s*([^;{}]+);/g)].map(([, name, value]) => [name, value.trim()]);
  return declarations.filter(([name, value]) => {
    if (SIDES.test(name) || (/^(float|clear|text-align)$/.test(name) && /\b(left|right)\b/.test(value))) return true;
    // Of four values the second is the right side, and the fourth the left one; of a radius they are corners.
    const values = value.match(/(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
    if (FOUR_SIDES.test(name)) return values.length === 4 && values[1] !== values[3];
    return name === "border-radius" && values.length > 1 && !(values[0] === values[1] && values[2] === (values[3] ?? values[1]));
  }).map(([name, value]) => `${name}: ${value}`);
}

test("what is physical is found", () => {
  const found = physical(`a { margin-left: 1px; padding: 0 calc(1px + 2px) 0 3px; text-align: right; border-radius: 1px 0; top: 0; }
    b { margin: 0 1px 2px 1px; padding: 0 calc(1px + (2px)); text-align: start; border-radius: 1px 1px 0 0; inset-block-start: 0; }`);
  assert.equal(found.length, 5, found.join("\n"));
});

test("no style sheet has a left or a right", () => {
  const sheets = readdirSync(join(WEB, "src"), { recursive: true }).filter((it) => it.endsWith(".css"));
  assert.ok(sheets.length > 5);
  for (const it of sheets) assert.deepEqual(physical(readFileSync(join(WEB, "src", it), "utf8")), [], it);
});
