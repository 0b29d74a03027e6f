import { describe, expect, it } from "vitest";
import { forgetLast, type LastHere, lastHere, pageStorage, rememberLast } from "../../src/sync/lastHere";

const LEA: LastHere = { person: 1, role: "pilot", name: "Léa", table: "formations" };

/** What a page may write down, in memory. */
function storage(kept = new Map<string, string>()): Storage {
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  } as Storage;
}

describe("who was here last", () => {
  it("is found again, and forgotten with the login", () => {
    const device = storage();
    rememberLast(device, LEA);
    expect(lastHere(device)).toEqual(LEA);

    forgetLast(device, LEA.person);

    expect(lastHere(device)).toBeUndefined();
  });

  it("stays where somebody else's login ends in another tab", () => {
    const device = storage();
    rememberLast(device, LEA);

    forgetLast(device, 2);

    expect(lastHere(device)).toEqual(LEA);
  });

  it.each([
    "",
    "7",
    "null",
    "{",
    '{"person":1}',
    '{"person":"1","role":"pilot","name":"Léa","table":"formations"}',
    '{"person":1,"role":"queen","name":"Léa","table":"formations"}',
    '{"person":1,"role":"pilot","name":7,"table":"formations"}',
  ])("is nobody where %s stands there", (said) => {
    expect(lastHere(storage(new Map([["tablee:last", said]])))).toBeUndefined();
  });

  it("is nobody in a browser that lets nothing be written down", () => {
    const blocked = {
      get localStorage(): Storage {
        throw new DOMException("blocked", "SecurityError");
      },
    } as Window;
    const full = {
      ...storage(),
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    } as unknown as Storage;
    rememberLast(full, LEA);

    expect(pageStorage(blocked)).toBeUndefined();
    expect(lastHere(pageStorage(blocked))).toBeUndefined();
    expect(lastHere(full)).toBeUndefined();
  });
});
