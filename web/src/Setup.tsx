/** The page without its configuration: what to run. */

export function Setup({ missing }: { missing: string[] }) {
  return (
    <main className="narrow roomy card">
      <h1>This page is not configured yet</h1>
      <p>It does not know which stack it belongs to. In the repository's folder, make the stack and write its outputs for the page:</p>
      <pre tabIndex={0}>
        <code>{"stackctl apply --file web/stack.yaml\nstackctl outputs --file web/stack.yaml \\\n  --format vite --write web/.env.local"}</code>
      </pre>
      <p>
        Without an AWS account, one command does it all on this machine, <code>make web</code>. A page that was built
        has to be built again afterwards.
      </p>
      <p className="quiet">
        Missing: {missing.join(", ")}.
      </p>
    </main>
  );
}
