/** Where files come from: a large invitation in an empty folder, a button above a list, a veil while files are dragged. */

import { ChooseFiles } from "@stackctl/react";
import type { Limits } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import { limitsInWords } from "./names";

interface Props {
  isLarge: boolean;
  limits: Limits | undefined;
  add: (files: File[]) => void;
}

export function Zone({ isLarge, limits, add }: Props) {
  const said = texts().zone;
  return (
    <section className={isLarge ? "zone large" : "zone"} aria-labelledby="zone-title">
      {isLarge && <Icon name="upload" />}
      <h2 id="zone-title" className={isLarge ? "" : "visually-hidden"}>{said.title}</h2>
      {isLarge && <p className="with-mouse">{said.invite}. {said.pasteToo}</p>}
      <ChooseFiles className="primary" label={said.input} contentTypes={limits?.contentTypes} add={add}>
        {!isLarge && <Icon name="upload" />}
        <span>{said.choose}</span>
      </ChooseFiles>
      {limits && <p className="quiet limits">{limitsInWords(limits)}</p>}
    </section>
  );
}

/** Covers the window while files are dragged over it. */
export function Veil({ folder }: { folder: string }) {
  const said = texts().zone;
  return (
    <div className="veil">
      <div>
        <Icon name="upload" />
        <h2>{said.over}</h2>
        <p>{said.overInto(folder)}</p>
      </div>
    </div>
  );
}
