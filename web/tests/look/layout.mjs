// The layout of a view, without a picture: what lies outside of the window, under another element, or is cut without a
// title; and whether the view from right to left is the mirror image of the one from left to right.

import assert from "node:assert/strict";

/** What is wrong with the layout of the window, as lines. */
export async function flaws(page) {
  return page.evaluate(() => {
    const { clientWidth: width } = document.documentElement;
    const height = window.innerHeight;
    const found = [];
    const told = (it) => `${it.tagName.toLowerCase()}${it.className && typeof it.className === "string" ? `.${it.className.replaceAll(" ", ".")}` : ""} “${(it.getAttribute("aria-label") ?? it.textContent).trim().slice(0, 40)}”`;
    const isShown = (it) => it.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !it.closest(".visually-hidden");
    const modal = document.querySelector("dialog:modal");
    const all = [...(modal ?? document.body).querySelectorAll("*")].filter(isShown);
    if (document.documentElement.scrollWidth > width) found.push(`the page is ${document.documentElement.scrollWidth} pixels wide`);
    for (const it of all) {
      const box = it.getBoundingClientRect();
      if (box.width === 0 || box.height === 0) continue;
      // A strip that scrolls has more than is shown.
      const strip = it.parentElement?.closest(".places");
      const scrolls = strip && getComputedStyle(strip).overflowX === "auto";
      if (!scrolls && (box.left < -0.5 || box.right > width + 0.5)) found.push(`${told(it)} lies outside of the window`);

      const isControl = it.matches("button, input, a, summary");
      const x = box.left + box.width / 2;
      const y = box.top + box.height / 2;
      if (isControl && x > 0 && x < width && y > 0 && y < height) {
        const top = document.elementFromPoint(x, y);
        // The line of all uploads, the toolbar and the messages stay where they are while the list moves below them.
        const isAbove = top?.closest(".dock, .toasts, .toolbar, .veil");
        const isIt = top && (it.contains(top) || top.contains(it) && !top.matches("button, input"));
        if (!isIt && !(isAbove && !isAbove.contains(it))) found.push(`${told(it)} lies below ${top ? told(top) : "something"}`);
      }

      const hasFace = it.innerText?.trim() || [...it.querySelectorAll("svg, img")].some((face) => face.checkVisibility());
      if (it.matches("button, a") && !hasFace) found.push(`${told(it)} shows nothing`);

      const hasText = [...it.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
      const style = getComputedStyle(it);
      const isCut = style.overflowX !== "visible" && style.overflowX !== "auto" && it.scrollWidth > it.clientWidth + 1;
      if (hasText && isCut && !it.matches("input") && !it.closest("[title]")) found.push(`${told(it)} is cut and has no title`);
      if (isControl && !it.matches("input") && it.scrollWidth > it.clientWidth + 1 && style.overflowX === "visible") found.push(`${told(it)} has more text than room`);
    }
    return found;
  });
}

/** From right to left, everything has its place as in a mirror. The view is left as it was. */
export async function assertMirrored(page, view) {
  const boxes = () => page.evaluate(() => {
    const root = document.querySelector("dialog:modal") ?? document.body;
    const all = [...root.querySelectorAll("header, main, nav, section, form, dialog, ul, li, h1, h2, label, button, input, img, video, audio, iframe, pre, progress, [role=row], [role=gridcell], .tile, .toast")];
    return all.filter((it) => it.checkVisibility() && !it.closest(".visually-hidden")).map((it) => {
      const { left, right, top, bottom } = it.getBoundingClientRect();
      return { name: `${it.tagName.toLowerCase()}.${it.className} “${it.textContent.slice(0, 30)}”`, left, right, top, bottom };
    });
  });
  // Without kerning: the dot of an English sentence leaves its last word in a view from right to left, and is not kerned there.
  const turn = (to, fontKerning = "none") => page.evaluate(([to, fontKerning]) => {
    document.documentElement.dir = to;
    document.body.style.fontKerning = fontKerning;
    return document.documentElement.clientWidth;
  }, [to, fontKerning]);
  const width = await turn("ltr");
  const straight = await boxes();
  await turn("rtl");
  const mirrored = await boxes();
  const wrong = await flaws(page);
  await turn("ltr", "");
  assert.deepEqual(wrong, [], `${view}, from right to left`);
  assert.equal(mirrored.length, straight.length, view);
  const moved = straight.filter((it, index) => {
    const other = mirrored[index];
    const is = (one, two) => Math.abs(one - two) <= 2;
    return !(is(it.left, width - other.right) && is(it.right, width - other.left) && is(it.top, other.top));
  });
  assert.deepEqual(moved.map(({ name }) => name), [], `${view}: not mirrored`);
}
