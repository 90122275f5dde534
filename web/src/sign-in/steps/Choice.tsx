/** The sign-in asks which second proof the person wants to give, or to set up. */

import { useEffect, useId, useRef } from "react";
import { Icon } from "../../Icon";
import { texts } from "../../languages";
import { answer } from "../attempt";
import { useRequests } from "../request";
import { Back } from "./Back";
import type { Flow, Step } from "./step";

export function Choice({ step: { name, kinds, isSetUp }, flow }: { step: Step & { is: "choice" }; flow: Flow }) {
  const id = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const requests = useRequests(flow.config.accounts.name, (problem) => void flow.go({ is: "sign in", name, problem }));
  const { choice } = texts().signIn;
  useEffect(() => title.current?.focus(), []);
  return (
    <section className="step" aria-labelledby={id}>
      <div className="head">
        <h1 id={id} ref={title} tabIndex={-1}>{isSetUp ? choice.setUpTitle : choice.title}</h1>
        <p className="quiet">{isSetUp ? choice.setUpIntro : choice.intro}</p>
      </div>
      {kinds.map((kind) => (
        <button
          key={kind} type="button" aria-disabled={requests.isBusy}
          onClick={() => requests.run("authenticator code", async () => flow.follow(await answer(kind), name, ""))}
        >
          {choice.kinds[kind]}
        </button>
      ))}
      <div role="alert">{requests.problem && <p className="problem"><Icon name="failed" />{requests.problem}</p>}</div>
      <div className="ways"><Back flow={flow} name={name} /></div>
    </section>
  );
}
