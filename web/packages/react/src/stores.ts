/** The stores of `@stackctl/uploads` as React state. */

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { Meter, Refusal, summarize, type Endpoint, type Files, type FilesState, type Folder, type Places, type Summary, type Unfinished, type Upload, type Uploads } from "@stackctl/uploads";

type Subscribe = (listener: () => void) => () => void;

/** Hears of a store once a frame: thousands of uploads report progress more often than anything can be shown. */
function useFrames(subscribe: Subscribe): Subscribe {
  return useCallback(
    (listener) => {
      let frame = 0;
      const stop = subscribe(() => {
        frame ||= requestAnimationFrame(() => {
          frame = 0;
          listener();
        });
      });
      return () => {
        cancelAnimationFrame(frame);
        stop();
      };
    },
    [subscribe],
  );
}

/** All uploads of this page, oldest first. */
export function useUploads(uploads: Uploads): readonly Upload[] {
  return useSyncExternalStore(useFrames(uploads.subscribe), uploads.all, uploads.all);
}

/** The uploads of earlier pages that can be taken up. */
export function useUnfinished(uploads: Uploads): readonly Unfinished[] {
  return useSyncExternalStore(uploads.subscribe, uploads.unfinished, uploads.unfinished);
}

/** The files of the folder that `files.open` was called for last. */
export function useFiles(files: Files): FilesState {
  return useSyncExternalStore(files.subscribe, files.state, files.state);
}

export interface Progress extends Summary {
  /** Bytes a second; undefined while nothing is sent, and in the first second. */
  speed: number | undefined;
  secondsLeft: number | undefined;
}

/** How long one speed is shown, in milliseconds. */
const TICK = 1_000;

/** The uploads in numbers, with the speed and the time left. */
export function useSummary(all: readonly Upload[]): Progress {
  const summary = useMemo(() => summarize(all), [all]);
  const meter = useRef(new Meter());
  const latest = useRef(summary);
  latest.current = summary;
  const [speed, setSpeed] = useState<number>();
  const isActive = summary.active > 0;
  useEffect(() => {
    if (!isActive) return;
    meter.current.reset();
    const tick = () => setSpeed(meter.current.measure(latest.current.sent, performance.now()));
    tick();
    const timer = setInterval(tick, TICK);
    return () => {
      clearInterval(timer);
      setSpeed(undefined);
    };
  }, [isActive]);
  const secondsLeft = speed && speed > 0 ? (summary.bytes - summary.sent) / speed : undefined;
  return { ...summary, speed, secondsLeft };
}

export type PlacesState = { is: "looking" } | { is: "there"; places: Places } | { is: "failed"; why: Refusal };

/** The person's own folder, where the endpoint does not tell its name. */
export const OWN: Folder = { path: "", verbs: [] };

/** The folders of the person with this `sub`, and a function that asks again. */
export function usePlaces(endpoint: Endpoint, sub: string): [PlacesState, () => void] {
  const [state, setState] = useState<PlacesState>({ is: "looking" });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isOver = false;
    endpoint.places().then(
      (places = { folders: [OWN], limits: undefined }) => isOver || setState({ is: "there", places: { ...places, folders: ownFirst(places.folders, sub) } }),
      (error: unknown) => isOver || setState({ is: "failed", why: error instanceof Refusal ? error : new Refusal("broken", String(error)) }),
    );
    return () => {
      isOver = true;
    };
  }, [endpoint, sub, turn]);
  const again = useCallback(() => {
    setState({ is: "looking" });
    setTurn((was) => was + 1);
  }, []);
  return [state, again];
}

function ownFirst(folders: Places["folders"], sub: string): Places["folders"] {
  const isOwn = ({ path }: { path: string }) => path.split("/").includes(sub);
  return [...folders.filter(isOwn), ...folders.filter((it) => !isOwn(it))];
}

/** Whether the browser has a network, as far as it knows. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeToNetwork, () => navigator.onLine, () => true);
}

function subscribeToNetwork(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
