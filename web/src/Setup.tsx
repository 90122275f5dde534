/** The page without its configuration: what to run. */

import { texts } from "./languages";

export function Setup({ missing }: { missing: string[] }) {
  const said = texts().setup;
  return (
    <main className="narrow roomy card">
      <h1>{said.title}</h1>
      <p>{said.what}</p>
      <pre tabIndex={0}>
        <code>{"stackctl apply\nstackctl outputs --format vite --write .env.local"}</code>
      </pre>
      <p>{said.local}</p>
      <p className="quiet">{said.missing(missing.join(", "))}</p>
    </main>
  );
}
