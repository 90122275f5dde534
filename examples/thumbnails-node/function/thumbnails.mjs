/** What the function does with an event: it keeps a thumbnail of each image below `uploads/`, below `thumbnails/`. */

import { createJimp } from "@jimp/core";
import jpeg from "@jimp/js-jpeg";
import png from "@jimp/js-png";
import { methods } from "@jimp/plugin-resize";

export const Jimp = createJimp({ formats: [jpeg, png], plugins: [methods] });

/** The most pixels of a side. */
const SIDE = 320;

/** Handles an event. An error makes Lambda call the function again. */
export async function handle(event, store) {
  // A body without `Records` is another service's.
  for (const record of event.Records ?? []) await handleRecord(record, store);
}

async function handleRecord({ eventName, s3 }, store) {
  const bucket = s3.bucket.name;
  // Form-encoded: `a letter.jpg` arrives as `a+letter.jpg`.
  const key = decodeURIComponent(s3.object.key.replaceAll("+", " "));
  const small = keyOfThumbnail(key);
  if (small === undefined) return;
  const sequencer = s3.object.sequencer ?? "";
  const known = await store.sequencer(bucket, small);
  // The thumbnail is of this event, or of a newer one.
  if (known !== undefined && compare(sequencer, known) <= 0) return;
  const image = eventName.startsWith("ObjectCreated:") ? await store.get(bucket, key) : undefined;
  const made = image && (await thumbnail(image, key));
  if (made) await store.put(bucket, small, made, sequencer);
  else if (known !== undefined) await store.delete(bucket, small);
}

/** The key of the thumbnail of an image; undefined for what is no upload. */
export function keyOfThumbnail(key) {
  const prefix = "uploads/";
  return key.startsWith(prefix) ? `thumbnails/${key.slice(prefix.length)}.jpg` : undefined;
}

/** The order of two events of one key: their sequencers as text, padded with zeros to one length. */
export function compare(one, other) {
  const length = Math.max(one.length, other.length);
  const [a, b] = [one, other].map((it) => it.padEnd(length, "0"));
  return a < b ? -1 : Number(a > b);
}

/** A small JPEG of an image, turned as the camera was held; undefined for what is no JPEG or PNG. */
async function thumbnail(image, key) {
  try {
    const whole = await Jimp.read(image);
    if (whole.width > SIDE || whole.height > SIDE) whole.scaleToFit({ w: SIDE, h: SIDE });
    return await whole.getBuffer("image/jpeg", { quality: 80 });
  } catch (error) {
    console.log(`no thumbnail of ${key}: ${error.message}`);
    return undefined;
  }
}
