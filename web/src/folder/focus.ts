/** Where the focus goes when what had it disappears: to the active row of the list, or to the title above it. */

/** Waits for the list to be drawn. What has the focus by then keeps it. */
export function focusList(): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== document.body) return;
    const row = document.querySelector<HTMLElement>(".table [role=row][tabindex='0']");
    (row ?? document.getElementById("folder-title"))?.focus();
  });
}
