/** Links under the button of a step. */

import { useState } from "react";
import { texts } from "../../languages";
import type { Requests } from "../request";
import type { Flow } from "./step";

export function Back({ flow, name }: { flow: Flow; name: string }) {
  return <button type="button" className="link" onClick={() => void flow.go({ is: "sign in", name })}>{texts().signIn.back}</button>;
}

/** Has a new code sent, and says so. */
export function NewCode({ requests, send }: { requests: Requests; send: () => Promise<void> }) {
  const [isSent, setSent] = useState(false);
  const words = texts().signIn;
  const again = () => {
    setSent(false);
    requests.run("send code", async () => {
      await send();
      setSent(true);
    });
  };
  return (
    <div>
      <button type="button" className="link" onClick={again}>{words.newCode}</button>
      <p className="sent" role="status">{isSent && words.newCodeSent}</p>
    </div>
  );
}
