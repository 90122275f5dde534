/** Tells a screen reader what came of each file, one after the other, and nothing of the way there. */

import { useEffect, useRef, useState } from "react";
import { isRunning, type Upload } from "@stackctl/uploads";
import { texts } from "../languages";
import { refusal } from "../words";

/** Older lines were read. */
const MOST_LINES = 50;

export function Announcer({ all }: { all: readonly Upload[] }) {
  const [lines, setLines] = useState<readonly { id: number; text: string }[]>([]);
  const told = useRef(new Map<number, Upload["state"]["is"]>());
  const next = useRef(0);
  useEffect(() => {
    const said = texts().upload;
    const news = all.filter(({ id, state }) => told.current.get(id) !== state.is).flatMap(({ file, state }) => {
      if (state.is === "done") return [said.arrived(file.name)];
      return state.is === "failed" ? [said.failed(file.name, refusal(state.why, file))] : [];
    });
    told.current = new Map(all.map(({ id, state }) => [id, state.is]));
    if (news.length === 0) return;
    const left = all.filter(({ state }) => isRunning(state) || state.is === "waiting").length;
    const added = [...news, ...(left > 0 ? [said.toGo(left)] : [])].map((text) => ({ id: next.current++, text }));
    setLines((was) => [...was, ...added].slice(-MOST_LINES));
  }, [all]);
  return (
    <div className="visually-hidden" role="log" aria-label={texts().upload.log}>
      {lines.map(({ id, text }) => <p key={id}>{text}</p>)}
    </div>
  );
}
