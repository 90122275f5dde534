/** The page without its configuration: what to run. */

export function Setup({ missing }: { missing: string[] }) {
  return (
    <main className="narrow roomy card">
      <h1>This page is not configured yet</h1>
      <p>It does not know which stack it belongs to. In the folder of its stack.yaml, make the stack and write its outputs for the page:</p>
      <pre tabIndex={0}>
        <code>{"stackctl apply\nstackctl outputs --format vite --write .env.local"}</code>
      </pre>
      <p>
        Without an AWS account, add <code>--local</code> to both: they then use a local cloud on this machine. A page that was
        built has to be built again afterwards.
      </p>
      <p className="quiet">
        Missing: {missing.join(", ")}.
      </p>
    </main>
  );
}
