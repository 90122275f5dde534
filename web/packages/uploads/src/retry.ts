/** Repeats what may succeed later: after a growing, random wait, and when the browser is online again. */

import { isPassing } from "./refusal";

/** Milliseconds. */
export interface Patience {
  attempts: number;
  first: number;
  longest: number;
}

export const PATIENCE: Patience = { attempts: 6, first: 500, longest: 20_000 };

interface Options {
  signal: AbortSignal;
  patience: Patience;
  /** The next attempt waits. */
  waits?: () => void;
}

/** Throws the last attempt's error, or the reason of the signal. Attempts without a network do not count. */
export async function retried<T>(attempt: () => Promise<T>, { signal, patience, waits }: Options): Promise<T> {
  for (let failed = 0; ; ) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!isPassing(error)) throw error;
      const isOffline = globalThis.navigator?.onLine === false;
      if (!isOffline && ++failed >= patience.attempts) throw error;
      waits?.();
      await rest(isOffline ? patience.longest : pause(failed, patience), signal);
    }
  }
}

/** From half to all of a time that doubles, so that many browsers do not come back at once. */
function pause(failed: number, { first, longest }: Patience): number {
  return Math.min(longest, first * 2 ** (failed - 1)) * (0.5 + Math.random() / 2);
}

/** Ends early when the network is back. */
function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", end);
      signal.removeEventListener("abort", end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, milliseconds);
    globalThis.addEventListener?.("online", end);
    signal.addEventListener("abort", end);
  });
}
