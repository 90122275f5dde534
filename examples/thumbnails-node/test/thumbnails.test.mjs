import assert from "node:assert/strict";
import { test } from "node:test";

import { Jimp, compare, handle, keyOfThumbnail } from "../function/thumbnails.mjs";

const IMAGE = "uploads/ada/a picture.png";
const SMALL = "thumbnails/ada/a picture.png.jpg";

/** Objects by key, with their sequencers. */
class Memory {
  #objects = new Map();

  get = async (_, key) => this.#objects.get(key)?.body;
  sequencer = async (_, key) => this.#objects.get(key)?.sequencer;
  put = async (_, key, body, sequencer) => void this.#objects.set(key, { body, sequencer });
  delete = async (_, key) => void this.#objects.delete(key);

  async upload(side) {
    await this.put("b", IMAGE, await new Jimp({ width: side, height: side }).getBuffer("image/png"), "");
  }

  async event(name, sequencer) {
    const object = { key: "uploads/ada/a+picture.png", sequencer };
    await handle({ Records: [{ eventName: name, s3: { bucket: { name: "b" }, object } }] }, this);
  }

  /** The width of the thumbnail, and its sequencer. */
  async small() {
    const small = this.#objects.get(SMALL);
    return small && [(await Jimp.read(small.body)).width, small.sequencer];
  }
}

const CREATED = "ObjectCreated:Put";
const DELETED = "ObjectRemoved:Delete";

test("an upload and its deletion", async () => {
  const store = new Memory();
  await store.upload(640);
  await store.event(CREATED, "2");
  assert.deepEqual(await store.small(), [320, "2"]);
  await store.delete("b", IMAGE);
  await store.event(DELETED, "3");
  assert.equal(await store.small(), undefined);
});

test("an event that is no news changes nothing", async () => {
  const store = new Memory();
  await store.upload(640);
  await store.event(CREATED, "2");
  // Another image is there already, and its event is still to come.
  await store.upload(10);
  await store.event(CREATED, "2");
  await store.event(CREATED, "1");
  await store.event(DELETED, "1");
  assert.deepEqual(await store.small(), [320, "2"]);
  await store.event(CREATED, "4");
  assert.deepEqual(await store.small(), [10, "4"]);
});

test("a late event brings nothing back", async () => {
  const store = new Memory();
  await store.event(DELETED, "3");
  await store.event(CREATED, "2");
  assert.equal(await store.small(), undefined);
});

test("what is no image has no thumbnail", async () => {
  const store = new Memory();
  await store.upload(640);
  await store.event(CREATED, "1");
  await store.put("b", IMAGE, Buffer.from("a letter"), "");
  await store.event(CREATED, "2");
  assert.equal(await store.small(), undefined);
});

test("other keys, other bodies, and the order of sequencers", async () => {
  await handle({ Event: "s3:TestEvent" }, new Memory());
  assert.equal(keyOfThumbnail(SMALL), undefined);
  assert.equal(compare("0A", "0A00"), 0);
  assert.equal(compare("0A1", "0A"), 1);
  assert.equal(compare("", "0A"), -1);
});
