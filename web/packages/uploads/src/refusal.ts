/** Why something was not done: the errors of the endpoint, of S3, and of the browser in one form. */

/** `kind` is what the caller decides by; `message` is what the server said. */
export class Refusal extends Error {
  readonly kind: Kind;
  /** What else the endpoint said: `maxBytes`, `allowed`, … */
  readonly details: Record<string, unknown>;

  constructor(kind: Kind, message = "", details: Record<string, unknown> = {}) {
    super(message);
    this.name = "Refusal";
    this.kind = kind;
    this.details = details;
  }
}

export type Kind =
  | "signed out"
  | "unreachable"
  | "no such route"
  | "too large"
  | "type"
  | "not allowed"
  | "not found"
  /** S3 has an object under this key, which no upload may replace. */
  | "there already"
  /** S3 no longer has the upload in parts, or can't complete it. */
  | "gone"
  | "expired"
  | "busy"
  | "unreadable"
  /** The chosen file is not the one whose upload was interrupted. */
  | "another file"
  /** Another tab sends this file. */
  | "elsewhere"
  | "refused"
  | "broken";

/** An error of S3, which is XML. */
export function s3Refusal(status: number, xml: string): Refusal {
  const document = new DOMParser().parseFromString(xml, "application/xml");
  const value = (name: string) => document.getElementsByTagName(name)[0]?.textContent ?? "";
  const code = value("Code");
  const message = value("Message");
  switch (code) {
    case "ExpiredToken":
      return new Refusal("expired", message);
    case "EntityTooLarge":
      return new Refusal("too large", message);
    case "NoSuchUpload":
    case "InvalidPart":
    case "ConditionalRequestConflict":
      return new Refusal("gone", message);
    case "PreconditionFailed":
      return new Refusal("there already", message);
    case "RequestTimeout":
      return new Refusal("unreachable", message);
    case "SlowDown":
      return new Refusal("busy", message);
  }
  if (/expired/i.test(message)) return new Refusal("expired", message);
  if (code === "NoSuchKey" || status === 404) return new Refusal("not found", message);
  if (status === 503 || status === 429) return new Refusal("busy", message);
  return new Refusal(status >= 500 ? "broken" : "refused", [code, message].filter(Boolean).join(": ") || `status ${status}`);
}

/** Whether the same request may succeed a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof Refusal && ["unreachable", "busy", "broken", "expired"].includes(error.kind);
}
