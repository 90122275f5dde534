// The uploads without the page, against an S3 that fails on request, as a real one fails rarely.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { assertQuiet, launch, open } from "../browser.mjs";
import { freePort, WEB } from "../cloud.mjs";
import { serve } from "../pages.mjs";

let browser, page, site;

before(async () => {
  browser = await launch();
  site = await serve({}, await freePort(), join(WEB, "tests", "large", "engine"));
  page = await open(browser, site.url);
});

after(async () => {
  assertQuiet(page);
  await browser?.close();
  await site?.stop();
});

const count = (log, name) => log.filter((it) => it === name).length;

/** Uploads 40 MB, five parts, with these faults; what became of it. */
const withFaults = (faults, more = {}) =>
  page.evaluate(async ([faults, more]) => {
    const { uploads, s3, records, ended } = await window.engine.begin();
    Object.assign(s3, { faults, ...more });
    const seen = [];
    uploads.subscribe(() => seen.push(uploads.all()[0]?.state.sent ?? 0));
    uploads.add([window.engine.fileOf("a.bin", 40 << 20)]);
    const { state } = await ended();
    return {
      is: state.is, why: state.why?.kind, log: s3.log, objects: [...s3.objects.values()], records: records.all.size,
      uploads: s3.uploads.size, mostAtOnce: s3.mostAtOnce, seen,
    };
  }, [faults, more]);

test("five parts, four at a time, in order, and nothing is left", async () => {
  const { is, log, objects, records, uploads, mostAtOnce } = await withFaults([]);
  assert.equal(is, "done");
  assert.deepEqual(log, ["create", "part 1", "part 2", "part 3", "part 4", "part 5", "complete"]);
  assert.deepEqual(objects, [40 << 20]);
  assert.deepEqual([records, uploads, mostAtOnce], [0, 0, 4]);
});

test("a part is sent again after a fault that passes, and the progress never goes back", async () => {
  for (const fault of [
    { isLost: true }, { status: 500 }, { status: 503, code: "SlowDown" }, { isLost: true, isDone: true },
    { status: 403, code: "AccessDenied", message: "Request has expired" }, { status: 400, code: "ExpiredToken" },
    { status: 400, code: "RequestTimeout" },
  ]) {
    const { is, log, seen } = await withFaults([{ at: "part 2", ...fault }, { at: "part 2", ...fault }, { at: "create", isLost: true }]);
    assert.equal(is, "done", JSON.stringify(fault));
    assert.deepEqual([count(log, "create"), count(log, "part 2"), count(log, "part 3")], [2, 3, 1]);
    assert.deepEqual(seen.slice(0, -1), seen.slice(0, -1).sort((one, other) => one - other));
  }
});

test("a fault that stays ends the upload, and a retry sends only what is missing", async () => {
  const done = await page.evaluate(async () => {
    const { uploads, s3, until, ended } = await window.engine.begin();
    s3.faults = Array.from({ length: 4 }, () => ({ at: "part 5", isLost: true }));
    uploads.add([window.engine.fileOf("a.bin", 40 << 20)]);
    const { id, state } = await ended();
    uploads.retry(id);
    await until(({ state }) => state.is === "done");
    return { why: state.why.kind, log: s3.log };
  });
  assert.equal(done.why, "unreachable");
  assert.deepEqual([count(done.log, "part 4"), count(done.log, "part 5"), count(done.log, "create")], [1, 5, 1]);
  const refused = await withFaults([{ at: "part 2", status: 403, code: "AccessDenied", message: "Access Denied" }]);
  assert.deepEqual([refused.is, refused.why, count(refused.log, "part 2")], ["failed", "refused", 1]);
});

test("an upload that S3 lost starts afresh, three times at most", async () => {
  const gone = { status: 404, code: "NoSuchUpload" };
  for (const fault of [{ at: "part 3", ...gone }, { at: "complete", ...gone }, { at: "complete", status: 409, code: "ConditionalRequestConflict" }]) {
    const { is, log, objects, records } = await withFaults([fault]);
    assert.deepEqual([is, count(log, "create"), objects, records], ["done", 2, [40 << 20], 0], JSON.stringify(fault));
  }
  const { is, why, log } = await withFaults(Array.from({ length: 9 }, () => ({ at: "complete", ...gone })));
  assert.deepEqual([is, why, count(log, "create")], ["failed", "gone", 3]);
});

test("200 with an error in it is an error, and completing is repeated", async () => {
  const { is, log, objects } = await withFaults([{ at: "complete", status: 200 }, { at: "complete", status: 200, code: "SlowDown" }]);
  assert.deepEqual([is, count(log, "complete"), objects], ["done", 3, [40 << 20]]);
});

test("a lost answer of completing counts as done where the object is there", async () => {
  const lost = { at: "complete", isLost: true, isDone: true };
  const told = await withFaults([lost]);
  assert.deepEqual([told.is, count(told.log, "create"), count(told.log, "has"), told.records], ["done", 1, 1, 0]);
  const conflict = await withFaults([lost, { at: "complete", status: 412, code: "PreconditionFailed" }]);
  assert.deepEqual([conflict.is, count(conflict.log, "create"), count(conflict.log, "has")], ["done", 1, 0]);
  // Where nothing tells, the file is sent again rather than lost.
  const untold = await withFaults([lost], { mayTell: false });
  assert.deepEqual([untold.is, count(untold.log, "create"), untold.objects.length], ["done", 2, 2]);
});

test("without uploads in parts the file goes as a whole, and a small one always", async () => {
  const { is, log } = await withFaults([], { isInParts: false });
  assert.deepEqual([is, log], ["done", ["whole"]]);
  const small = await page.evaluate(async () => {
    const { uploads, s3, ended } = await window.engine.begin();
    uploads.add([window.engine.fileOf("a.bin", (16 << 20) - 1)]);
    await ended();
    return s3.log;
  });
  assert.deepEqual(small, ["whole"]);
});

test("of 1,200 parts the last 30 are sent after a reload", async () => {
  const { is, log, objects, size } = await page.evaluate(async () => {
    const { begin, fileOf } = window.engine;
    const size = 1200 * (8 << 20) - 7;
    const file = fileOf("film.mov", size);
    const { s3, records } = await begin();
    const parts = Array.from({ length: 1170 }, (_, index) => [index + 1, 8 << 20]);
    // A part of another size is not this file's.
    parts[500] = [501, 5 << 20];
    s3.uploads.set("id", new Map(parts));
    await records.put({ key: "key", uploadId: "id", owner: "ada", partSize: 8 << 20, name: "film.mov", size, modified: 1, sent: 0, started: 0 });
    const later = await begin("ada", s3, records);
    await later.uploads.takeUp(later.uploads.unfinished()[0], file);
    const { state } = await later.ended();
    return { is: state.is, log: s3.log, objects: [...s3.objects], size };
  });
  assert.equal(is, "done");
  assert.deepEqual(log.slice(0, 2), ["list 0", "list 1000"]);
  const sent = log.filter((it) => it.startsWith("part "));
  assert.deepEqual(sent, ["part 501", ...Array.from({ length: 30 }, (_, index) => `part ${1171 + index}`)]);
  assert.deepEqual(objects, [["key", size]]);
});

test("no file has more than 10,000 parts, nor one below 5 MiB", async () => {
  const sizes = [16 << 20, 5 * 2 ** 30, 2 ** 40, 5 * 2 ** 40];
  const parts = await page.evaluate((sizes) => sizes.map((size) => window.engine.partSizeOf(size)), sizes);
  for (const [index, size] of sizes.entries()) {
    assert.ok(parts[index] >= 5 << 20 && Math.ceil(size / parts[index]) <= 10_000, `${size}: ${parts[index]}`);
  }
});

test("a pause keeps the parts, cancelling throws them away, and a retry begins anew", async () => {
  const { log, left, records, paused, objects } = await page.evaluate(async () => {
    const { uploads, s3, records, until, ended } = await window.engine.begin();
    uploads.add([window.engine.fileOf("a.bin", 200 << 20)]);
    const { id } = await until(({ state }) => state.is === "sending" && state.sent > 80 << 20);
    uploads.pause(id);
    await new Promise((done) => setTimeout(done, 30));
    const before = s3.log.length;
    await new Promise((done) => setTimeout(done, 30));
    const paused = { is: uploads.all()[0].state.is, more: s3.log.length - before, records: records.all.size };
    uploads.resume(id);
    await until(({ state }) => state.is === "sending" && state.sent > 120 << 20);
    uploads.cancel(id);
    await new Promise((done) => setTimeout(done, 30));
    const left = s3.uploads.size;
    uploads.retry(id);
    await ended();
    return { log: s3.log, left, records: records.all.size, paused, objects: [...s3.objects.values()] };
  });
  assert.deepEqual(paused, { is: "paused", more: 0, records: 1 });
  assert.deepEqual([left, records], [0, 0]);
  assert.deepEqual([count(log, "create"), count(log, "abort")], [2, 1]);
  assert.ok(count(log, "part 1") === 2, "of each beginning");
  assert.deepEqual(objects, [200 << 20]);
});

test("an unfinished upload is its person's alone, outlives the sign-out, and ends with a cancel", async () => {
  const { others, own, afterSignOut, another, left } = await page.evaluate(async () => {
    const { begin, fileOf } = window.engine;
    const { uploads, s3, records, until } = await begin();
    uploads.add([fileOf("a.bin", 200 << 20)]);
    await until(({ state }) => state.is === "sending" && state.sent > 40 << 20);
    uploads.clear();
    await new Promise((done) => setTimeout(done, 30));
    const afterSignOut = records.all.size;
    const eve = await begin("eve", s3, records);
    const ada = await begin("ada", s3, records);
    const [record] = ada.uploads.unfinished();
    const another = await ada.uploads.takeUp(record, fileOf("a.bin", 199 << 20)).catch((error) => error.kind);
    const changed = new File([fileOf("a.bin", 200 << 20)], "a.bin", { lastModified: 2 });
    const other = await ada.uploads.takeUp(record, changed).catch((error) => error.kind);
    await ada.uploads.discard(record);
    await new Promise((done) => setTimeout(done, 30));
    return {
      others: eve.uploads.unfinished().length, own: record.name, afterSignOut, another: [another, other],
      left: [records.all.size, s3.uploads.size, ada.uploads.unfinished().length],
    };
  });
  assert.deepEqual([others, own, afterSignOut], [0, "a.bin", 1]);
  assert.deepEqual(another, ["another file", "another file"]);
  assert.deepEqual(left, [0, 0, 0]);
});

test("a file that is chosen again takes its unfinished upload up, and another tab leaves it alone", async () => {
  const { is, created, begun } = await page.evaluate(async () => {
    const { begin, fileOf } = window.engine;
    const { uploads, s3, records, until } = await begin();
    const file = fileOf("a.bin", 200 << 20);
    uploads.add([file]);
    await until(({ state }) => state.is === "sending" && state.sent > 40 << 20);
    // While this one sends, another does not offer it.
    const second = await begin("ada", s3, records);
    const begun = second.uploads.unfinished().length;
    uploads.clear();
    await new Promise((done) => setTimeout(done, 30));
    const third = await begin("ada", s3, records);
    third.uploads.add([file]);
    const { state } = await third.ended();
    return { is: state.is, created: s3.log.filter((it) => it === "create").length, begun };
  });
  assert.deepEqual([is, created, begun], ["done", 1, 0]);
});

test("many files go to their folder, and are counted, paused, cancelled and retried together", async () => {
  const seen = await page.evaluate(async () => {
    const { uploads, s3, until } = await window.engine.begin("many");
    const count = () => window.engine.summarize(uploads.all());
    const files = Array.from({ length: 10 }, (_, index) => window.engine.fileOf(`${index}.txt`, 1000));
    uploads.add(files, "shared/team-a/");
    const ids = uploads.all().map(({ id }) => id);
    const begun = count();
    uploads.pause(...ids);
    const paused = count();
    uploads.cancel(...ids.slice(0, 5));
    await until(({ id, state }) => id === ids[4] && state.is === "cancelled");
    const cancelled = count();
    uploads.resume(...ids);
    await until(() => uploads.all().filter(({ state }) => state.is === "done").length === 5);
    uploads.retry(...ids.slice(0, 5));
    await until(() => count().done === 10);
    const done = count();
    uploads.dismiss(...ids);
    return { begun, paused, cancelled, done, left: uploads.all().length, keys: [...s3.objects.keys()].sort() };
  });
  // Three are on their way as a whole, which a pause leaves alone.
  assert.deepEqual(seen.begun, { count: 10, done: 0, failed: 0, paused: 0, active: 10, bytes: 10_000, sent: 0 });
  assert.deepEqual(seen.paused, { ...seen.begun, paused: 7, active: 3 });
  assert.deepEqual(seen.cancelled, { count: 5, done: 0, failed: 0, paused: 5, active: 0, bytes: 5000, sent: 0 });
  assert.deepEqual(seen.done, { count: 10, done: 10, failed: 0, paused: 0, active: 0, bytes: 10_000, sent: 10_000 });
  assert.equal(seen.left, 0);
  assert.deepEqual(seen.keys, Array.from({ length: 10 }, (_, index) => `shared/team-a/whole-${index}.txt`));
});

test("the speed is that of the last seconds", async () => {
  const speeds = await page.evaluate(() => {
    const meter = new window.engine.Meter();
    return [[0, 0], [500, 400], [1000, 2000], [3000, 4000], [20_000, 20_000], [21_000, 21_000], [100, 22_000]].map(([sent, at]) => meter.measure(sent, at));
  });
  assert.deepEqual(speeds, [undefined, undefined, 500, 750, undefined, 1000, undefined]);
});
