import fc from "fast-check";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { describe, expect, it } from "vitest";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as stock from "y-protocols/sync";
import * as Y from "yjs";
import { encode, parse } from "../../src/sync/protocol";
import { readFrames } from "./frames";

const fixtures = readFrames();

describe("the frames that client and server share", () => {
  it("are all there", () => {
    const kinds = fixtures.map(({ frame }) => (frame.frame === "ours" ? frame.says.type : frame.frame));

    expect(new Set(kinds)).toEqual(
      new Set([
        "step1",
        "step2",
        "update",
        "awareness",
        "query-awareness",
        "hello",
        "saved",
        "refused",
        "text-made",
        "reload",
        "notice",
        "make-text",
      ]),
    );
  });

  it.each(fixtures)("$name reads as it is written down", ({ bytes, frame }) => {
    expect(parse(bytes)).toEqual(frame);
  });

  it.each(fixtures)("$name reads back from our own writing", ({ frame }) => {
    expect(parse(encode(frame))).toEqual(frame);
  });

  it.each(fixtures)("$name is nothing when it is cut anywhere or continued", ({ bytes }) => {
    for (let cut = 0; cut < bytes.length; cut += 1) expect(parse(bytes.slice(0, cut))).toBeUndefined();
    expect(parse(Uint8Array.of(...bytes, 0))).toBeUndefined();
  });
});

describe("bytes of any kind", () => {
  it("never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parse(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it("of a frame that lacks something are no frame", () => {
    const lacking = [
      { type: "hello", epoch: 1 },
      { type: "saved", upto: -1 },
      { type: "saved", upto: "7" },
      { type: "refused", frame: 1, reason: "pilots-only" },
      { type: "make-coffee" },
      null,
      7,
    ];

    for (const says of lacking) expect(parse(encode({ frame: "ours", says: says as never }))).toBeUndefined();
  });
});

describe("a stock provider", () => {
  it("understands our sync, and we its", () => {
    const doc = new Y.Doc();
    doc.getMap("rows").set("a", 1);
    const update = Y.encodeStateAsUpdate(doc);
    const other = new Y.Doc();
    const from = decoding.createDecoder(encode({ frame: "update", update }));
    decoding.readVarUint(from);
    stock.readSyncMessage(from, encoding.createEncoder(), other, null);
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, 0);
    stock.writeSyncStep1(out, other);

    expect(other.getMap("rows").get("a")).toBe(1);
    expect(parse(encoding.toUint8Array(out))).toEqual({
      frame: "step1",
      stateVector: Y.encodeStateVector(other),
    });
  });

  it("understands where we are, and we where it is", () => {
    const [ours, theirs] = [new Awareness(new Y.Doc()), new Awareness(new Y.Doc())];
    const state = { at: { row: "a", column: "b", editing: false } };
    const from = decoding.createDecoder(
      encode({ frame: "awareness", entries: [{ writer: 7, clock: 1, state }] }),
    );
    decoding.readVarUint(from);
    applyAwarenessUpdate(ours, decoding.readVarUint8Array(from), null);
    theirs.setLocalState({ user: { name: "Léa" } });
    const out = encoding.createEncoder();
    encoding.writeVarUint(out, 1);
    encoding.writeVarUint8Array(out, encodeAwarenessUpdate(theirs, [theirs.clientID]));

    expect(ours.getStates().get(7)).toEqual(state);
    expect(parse(encoding.toUint8Array(out))).toMatchObject({
      frame: "awareness",
      entries: [{ writer: theirs.clientID, state: { user: { name: "Léa" } } }],
    });
    ours.destroy();
    theirs.destroy();
  });
});
