import { describe, expect, it } from "vitest";
import { cacheOf, handsOf, isAway, NOBODY, outdated, wayOf } from "../../src/offline/rules";
import { NOBODY as known } from "../../src/sync/lastHere";

const SITE = "https://tablee.test";
const page = (path: string, origin = SITE) => ({ method: "GET", mode: "navigate", url: origin + path });
const file = (path: string, origin = SITE) => ({ method: "GET", mode: "cors", url: origin + path });

describe("what the service worker answers", () => {
  it.each(["/table", "/table?ligne=a", "/table/hors-ligne"])(
    "is the network's, or else the shell, for %s",
    (path) => {
      expect(wayOf(page(path), SITE)).toBe("network-first");
    },
  );

  it("is what it kept, for files whose names say what is in them", () => {
    expect(wayOf(file("/assets/assets/table-abc.js"), SITE)).toBe("kept-first");
  });

  it.each([
    "/",
    "/historique",
    "/formations/eau-0123456789abcdef",
    "/reglages",
    "/connexion",
    "/table/",
    "/tables",
    "/assets/assets/table-abc.js",
  ])("is nothing of its own for the page %s", (path) => {
    expect(wayOf(page(path), SITE)).toBe("not-ours");
  });

  it.each(["/api/v1/tables/formations/history", "/live/formations", "/table", "/exports/formations.csv"])(
    "is nothing of its own when a script asks for %s",
    (path) => {
      expect(wayOf(file(path), SITE)).toBe("not-ours");
    },
  );

  it("is nothing of its own for other sites, and for what changes something", () => {
    expect(wayOf(page("/table", "https://ailleurs.test"), SITE)).toBe("not-ours");
    expect(wayOf(file("/assets/a.js", "https://ailleurs.test"), SITE)).toBe("not-ours");
    expect(wayOf({ ...page("/table"), method: "POST" }, SITE)).toBe("not-ours");
  });
});

describe("who holds the machine", () => {
  it("is told to the table's page under the name that it knows", () => {
    expect(NOBODY).toBe(known);
  });

  const form = (path: string) => ({ method: "POST", mode: "navigate", url: SITE + path });

  it.each([
    ["/deconnexion", "leaves"],
    ["/connexion", "comes"],
    ["/connexion/abc", "comes"],
    ["/connexion/code", "comes"],
    ["/connexions", null],
    ["/proposer", null],
  ] as const)("after a form was sent to %s: %s", (path, hands) => {
    expect(handsOf(form(path), SITE)).toBe(hands);
  });

  it("does not change by looking, nor by what a script of ours sends", () => {
    expect(handsOf({ ...form("/deconnexion"), method: "GET" }, SITE)).toBeNull();
    expect(handsOf({ ...form("/deconnexion"), mode: "cors" }, SITE)).toBeNull();
  });
});

describe("an answer to the table's page", () => {
  it("is of a server that is away only when a gate before it says so", () => {
    expect([200, 302, 401, 403, 404, 500, 502, 503, 504].filter(isAway)).toEqual([502, 503, 504]);
  });
});

describe("what earlier builds left", () => {
  it("goes, and nothing else", () => {
    const names = [cacheOf("a"), cacheOf("b"), "autre-chose"];

    expect(outdated(names, "b")).toEqual([cacheOf("a")]);
  });
});
