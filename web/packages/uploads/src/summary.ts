/** The uploads in numbers: how many, how fast, how long. */

import { isRunning, type Upload } from "./uploads";

export interface Summary {
  /** All but the cancelled ones. */
  count: number;
  done: number;
  failed: number;
  paused: number;
  /** Waiting or on their way. */
  active: number;
  /** Bytes of all that did not fail, and those of them that were sent. */
  bytes: number;
  sent: number;
}

export function summarize(all: readonly Upload[]): Summary {
  const summary: Summary = { count: 0, done: 0, failed: 0, paused: 0, active: 0, bytes: 0, sent: 0 };
  for (const { file, state } of all) {
    if (state.is === "cancelled") continue;
    summary.count += 1;
    if (state.is === "failed") {
      summary.failed += 1;
      continue;
    }
    summary.bytes += file.size;
    if (state.is === "done") {
      summary.done += 1;
      summary.sent += file.size;
    } else if (state.is === "paused") {
      summary.paused += 1;
      summary.sent += state.sent;
    } else {
      summary.active += 1;
      if (isRunning(state) && state.is === "sending") summary.sent += state.sent;
    }
  }
  return summary;
}

/** Milliseconds that a speed is measured over. */
const WINDOW = 8_000;

/** Measures the speed from what was sent at several times. */
export class Meter {
  #samples: { at: number; sent: number }[] = [];

  /** Bytes a second over the last seconds; undefined until that can be told. `at` is in milliseconds. */
  measure(sent: number, at: number): number | undefined {
    const last = this.#samples.at(-1);
    // A cancelled upload takes its bytes with it.
    if (last && sent < last.sent) this.#samples = [];
    this.#samples = [...this.#samples.filter((it) => it.at > at - WINDOW), { at, sent }];
    const [first] = this.#samples;
    if (!first || at - first.at < 1_000) return undefined;
    return ((sent - first.sent) * 1000) / (at - first.at);
  }

  reset(): void {
    this.#samples = [];
  }
}
