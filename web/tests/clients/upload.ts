/** What a client of either version is to upload, and what became of it. */

export interface Order {
  endpoint: string;
  token: string;
  name: string;
  /** The bytes are `seed`, repeated: both sides can make them. Without one they are zeros. */
  seed: string;
  size: number;
  inParts: boolean;
  /** As a form, where the client can. */
  asForm?: boolean;
  /** The file is the one that the page's input has, not made of `seed`. */
  isChosen?: boolean;
}

export interface Outcome {
  failed: string[];
  uploaded: Record<string, unknown>[];
}

export interface Told {
  url: string;
  method: string;
  key: string;
  headers: Record<string, string>;
  fields?: Record<string, string>;
}

/** Asks the endpoint, as the README of lambda/presign does. */
export function asker({ endpoint, token }: Order) {
  return async (path: string, body: unknown): Promise<Told> => {
    const answer = await fetch(endpoint + path, {
      method: "POST",
      headers: { Authorization: token, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error?.message ?? told.message);
    return told;
  };
}

export function fileOf({ name, seed, size, isChosen }: Order) {
  const chosen = document.querySelector("input")?.files?.[0];
  if (isChosen && chosen) return { name, type: "application/octet-stream", data: chosen };
  const part = new TextEncoder().encode(seed);
  const bytes = new Uint8Array(size);
  if (seed) for (let at = 0; at < size; at += 1) bytes[at] = part[at % part.length] ?? 0;
  return { name, type: "application/octet-stream", data: new Blob([bytes], { type: "application/octet-stream" }) };
}
