// axe-core and a screenshot of a view.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** The folder for screenshots, if they are wanted. */
const { SCREENSHOTS } = process.env;

/** axe finds nothing in the page, which was opened with `bypassCSP`; the screenshot gets this name. */
export async function inspect(page, name) {
  if (SCREENSHOTS) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }
  await assertAccessible(page, name);
}

/** axe finds nothing in the page, which was opened with `bypassCSP`. */
export async function assertAccessible(page, name) {
  if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(() => window.axe.run());
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((it) => `  ${it.html}`).join("\n")}`);
  assert.deepEqual(told, [], name);
}
