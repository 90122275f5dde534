/** Uploads that ended with an earlier page: taken up with the same file, or thrown away. */

import { useRef, useState } from "react";
import { useUnfinished } from "@stackctl/react";
import { Refusal, type Unfinished as Record, type Uploads } from "@stackctl/uploads";
import { texts } from "../languages";
import { Icon } from "../Icon";
import { refusal, share, time } from "../words";

export function Unfinished({ uploads }: { uploads: Uploads }) {
  const records = useUnfinished(uploads);
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  if (records.length === 0) return null;

  const act = async ({ key }: Record, action: () => Promise<void>) => {
    setProblems((was) => new Map(was).set(key, ""));
    try {
      await action();
      // The pressed button disappeared with its row, perhaps with the whole list.
      const next = ["unfinished-title", "folder-title"].map((id) => document.getElementById(id));
      next.find((it) => it !== null)?.focus();
    } catch (error) {
      const why = error instanceof Refusal ? error : new Refusal("broken", String(error));
      setProblems((was) => new Map(was).set(key, refusal(why)));
    }
  };

  const said = texts().unfinished;
  return (
    <section className="unfinished" aria-labelledby="unfinished-title">
      <h2 id="unfinished-title" tabIndex={-1}>{said.title}</h2>
      <p className="quiet">{said.hint}</p>
      <ul>
        {records.map((record) => (
          <Row
            key={record.key}
            record={record}
            problem={problems.get(record.key)}
            takeUp={(file) => void act(record, () => uploads.takeUp(record, file))}
            discard={() => void act(record, () => uploads.discard(record))}
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  record: Record;
  problem: string | undefined;
  /** Without a file: the one that the browser remembers. */
  takeUp: (file?: File) => void;
  discard: () => void;
}

function Row({ record: { name, size, sent, started, handle }, problem, takeUp, discard }: RowProps) {
  const input = useRef<HTMLInputElement>(null);
  // After a file could not be read or was another one, the person chooses.
  const isKnown = handle !== undefined && !problem;
  const said = texts().unfinished;
  return (
    <li>
      <div className="about">
        <p className="name"><bdi>{name}</bdi></p>
        <p className="quiet">{said.begun(share(sent, size))} <time dateTime={new Date(started).toISOString()}>{time(new Date(started))}</time></p>
        <p className="problem-text" role="alert">{problem}</p>
        <progress aria-label={texts().upload.progress(name)} max={1} value={sent / size} />
      </div>
      <div className="actions">
        {isKnown ? (
          <button onClick={() => takeUp()} aria-label={said.resumeOf(name)}><Icon name="resume" /><span>{said.resume}</span></button>
        ) : (
          <button onClick={() => input.current?.click()} aria-label={said.chooseOf(name)}><Icon name="resume" /><span>{said.choose}</span></button>
        )}
        <button className="plain" onClick={discard} aria-label={texts().upload.cancel(name)}><Icon name="close" /></button>
        <input
          ref={input}
          type="file"
          hidden
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            currentTarget.value = "";
            if (file) takeUp(file);
          }}
        />
      </div>
    </li>
  );
}
