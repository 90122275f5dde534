/** Which tab sends a file: a lock of the browser, which ends with the tab, also after a crash. */

const PREFIX = "stackctl-upload ";

/** Claims an upload for this tab; undefined when another tab has it. The answer gives the claim back. */
export function claim(key: string): Promise<(() => void) | undefined> {
  // Pages without TLS have no locks.
  if (!globalThis.navigator?.locks) return Promise.resolve(() => undefined);
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(PREFIX + key, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(undefined);
      return new Promise<void>((release) => resolve(release));
    });
    held.catch(reject);
  });
}

/** The keys of the uploads that a tab sends. */
export async function claimed(): Promise<Set<string>> {
  const { held = [] } = (await globalThis.navigator?.locks?.query().catch(() => undefined)) ?? {};
  const names = held.map(({ name = "" }) => name).filter((name) => name.startsWith(PREFIX));
  return new Set(names.map((name) => name.slice(PREFIX.length)));
}
