/** One request of a form at a time, and the refusal of the last one. */

import { useRef, useState } from "react";
import type { NameKind } from "./accounts";
import { problemOf, type Request } from "./problems";

export interface Requests {
  isBusy: boolean;
  problem: string | undefined;
  refuse: (problem: string) => void;
  /** Runs an action, unless one is running. */
  run: (request: Request, action: () => Promise<void>) => void;
}

/** `lost` is called with the refusal when nothing that is entered in the form could help. */
export function useRequests(name: NameKind, lost?: (problem: string) => void, first?: string): Requests {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(first);
  const running = useRef(false);
  const run = async (request: Request, action: () => Promise<void>) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setProblem(undefined);
    try {
      await action();
    } catch (error) {
      const { text, isLost } = problemOf(error, request, name);
      if (isLost && lost) lost(text);
      else setProblem(text);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { isBusy, problem, refuse: setProblem, run: (request, action) => void run(request, action) };
}
