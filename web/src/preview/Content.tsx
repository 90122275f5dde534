/** The content of a file, as far as the browser can show it safely. */

import { useEffect, useState } from "react";
import { Refusal, type Endpoint, type StoredFile } from "@stackctl/uploads";
import { ICONS, kindOf } from "../folder/kinds";
import { texts } from "../languages";
import { Icon } from "../Icon";
import { refusal } from "../words";

/** Of a text, in bytes. */
const MOST_TEXT = 256 * 1024;
/** Of an image, which the browser decodes as a whole. */
const MOST_IMAGE = 64 * 1024 * 1024;

type State = { is: "loading" } | { is: "url"; url: string } | { is: "text"; text: string; isCut: boolean } | { is: "none"; why: string };

export function Content({ file, endpoint }: { file: StoredFile; endpoint: Endpoint }) {
  const kind = kindOf(file.name);
  const [state, setState] = useState<State>({ is: "loading" });
  const said = texts().preview;

  useEffect(() => {
    const stop = new AbortController();
    load(endpoint, file, stop.signal).then(
      (it) => stop.signal.aborted || setState(it),
      (error: unknown) => {
        const why = error instanceof Refusal ? refusal(error) : texts().preview.failed;
        if (!stop.signal.aborted) setState({ is: "none", why });
      },
    );
    return () => stop.abort();
  }, [endpoint, file]);

  const failed = () => setState({ is: "none", why: said.failed });
  switch (state.is) {
    case "loading":
      return <p className="quiet" aria-busy="true">{said.loading}</p>;
    case "none":
      return (
        <div className="no-preview">
          <span className={`tile ${kind}`}><Icon name={ICONS[kind]} /></span>
          <p>{state.why}</p>
        </div>
      );
    case "text":
      return (
        <div className="text">
          <pre tabIndex={0} dir="auto">{state.text}</pre>
          {state.isCut && <p className="quiet">{said.cut}</p>}
        </div>
      );
    case "url":
      // The addresses are the bucket's: its content never has this page's origin.
      if (kind === "image") return <img src={state.url} alt={file.name} referrerPolicy="no-referrer" onError={failed} />;
      if (kind === "video") return <video src={state.url} controls onError={failed} />;
      if (kind === "audio") return <audio src={state.url} controls onError={failed} />;
      // A browser shows no PDF in a sandbox. It is signed as `application/pdf`, so that the bucket can't answer with a page.
      return <iframe src={state.url} title={file.name} referrerPolicy="no-referrer" />;
  }
}

async function load(endpoint: Endpoint, { key, name, size }: StoredFile, signal: AbortSignal): Promise<State> {
  const kind = kindOf(name);
  const said = texts().preview;
  switch (kind) {
    case "archive":
    case "other":
      return { is: "none", why: said.none };
    case "text": {
      if (size === 0) return { is: "text", text: "", isCut: false };
      const { url } = await endpoint.link(key);
      const headers = { Range: `bytes=0-${MOST_TEXT - 1}` };
      const response = await fetch(url, { headers, signal, credentials: "omit", referrerPolicy: "no-referrer" });
      if (!response.ok) return { is: "none", why: said.failed };
      return { is: "text", text: await response.text(), isCut: size > MOST_TEXT };
    }
    case "image":
      if (size > MOST_IMAGE) return { is: "none", why: said.tooLarge };
      return { is: "url", url: (await endpoint.download(key)).url };
    case "video":
    case "audio":
      return { is: "url", url: (await endpoint.download(key)).url };
    case "pdf":
      return { is: "url", url: (await endpoint.link(key, true)).url };
  }
}
