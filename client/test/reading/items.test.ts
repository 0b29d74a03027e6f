import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWord } from "../../src/model/layout";
import type { Plain } from "../../src/model/types";
import { rewritten, withIds } from "../../src/reading/items";
import { itemsIn } from "../../src/reading/reading";

let made = 0;
const chance = () => {
  made += 1;
  return String(made).padStart(8, "0");
};
const item = (name: string): Plain => ({ lieu: name });
const list = (...names: string[]): Plain[] => names.map(item);
const names = (items: Plain) => itemsIn(items).map((one) => (one as { lieu: string }).lieu);
const id = fc.stringMatching(/^[a-z0-9_]{1,12}$/).filter((key) => key !== "__proto__");
const some = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 7 });

describe("a list that is written over", () => {
  it("keeps the ids of what stayed, gives those of what was changed to what stands in its place", () => {
    const before = { i01: item("Lyon"), i02: item("Lille"), i03: item("Brest") };

    const after = withIds(before, list("Lyon", "Lens", "Brest", "Nice"), chance);

    expect(after).toMatchObject({ i01: item("Lyon"), i02: item("Lens"), i03: item("Brest") });
    expect(names(after)).toEqual(["Lyon", "Lens", "Brest", "Nice"]);
  });

  it("keeps the ids of what stayed behind something new", () => {
    const before = { i01: item("Lyon"), i02: item("Lille") };

    const after = withIds(before, list("Nice", "Lyon", "Brest", "Lille"), chance);

    expect(after).toMatchObject(before);
    expect(names(after)).toEqual(["Nice", "Lyon", "Brest", "Lille"]);
  });

  it("has no item left where none was written", () => {
    expect(rewritten({ i01: item("Lyon") }, { i01: item("Lyon") }, [], chance)).toBeNull();
  });

  it("leaves what somebody else added, changed and took away meanwhile", () => {
    const from = { i01: item("Lyon"), i02: item("Lille"), i03: item("Brest") };
    const now = { i01: item("Lyon 3e"), i02: item("Lille"), x: item("Nice") };

    const after = rewritten(now, from, list("Lyon", "Lens", "Brest"), chance);

    expect(after).toEqual({ i01: item("Lyon 3e"), i02: item("Lens"), x: item("Nice") });
  });

  it("is told in the order in which it was written, whatever ids there were", () => {
    fc.assert(
      fc.property(fc.uniqueArray(id, { maxLength: 6 }), some, some, (ids, before, after) => {
        const there = Object.fromEntries(
          ids.flatMap((key, at) => (before[at] ? [[key, item(before[at])]] : [])),
        );

        const written = withIds(there, list(...after), chance);

        expect(Object.keys(written).every(isWord)).toBe(true);
        expect([...names(written)].sort()).toEqual([...after].sort());
        // There is no room before zeros alone, nor between an id and the same with zeros behind it.
        const hasRoom = !ids.some((key) =>
          ["", ...ids].some((low) => key !== low && key.replace(/0+$/, "") === low.replace(/0+$/, "")),
        );
        if (hasRoom) expect(names(written)).toEqual(after);
      }),
      { numRuns: 2_000 },
    );
  });

  it("changes nothing where nothing was changed", () => {
    fc.assert(
      fc.property(fc.dictionary(id, fc.constantFrom("a", "b").map(item)), (before) => {
        expect(withIds(before, itemsIn(before), chance)).toEqual(before);
      }),
    );
  });
});
