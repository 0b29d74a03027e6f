import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Y from "yjs";
import type { LiveTable } from "../../src/sync/liveTable";
import type { Notice } from "../../src/sync/protocol";
import { proposeAsides } from "../../src/sync/suggest";
import { DEBAT, EAU } from "../model/inventory";
import { FakeServer, type Person } from "./fakeServer";
import { Browser, LEA, NOUR, quiet, until } from "./tab";

let server: FakeServer;
let browser: Browser;
let nour: Person;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  server = new FakeServer();
  browser = new Browser(new IDBFactory());
  nour = { ...NOUR, role: "pilot" };
});

afterEach(() => {
  vi.useRealTimers();
});

const opened = (person = nour): Promise<LiveTable> => browser.opens(server, person);

/** The door refuses her, and says why when asked. */
function shutTheDoor(why: "no-login" | "no-role"): void {
  browser.door = why;
  server.shutOut.add(nour.id);
  server.cut();
}

const onServer = (row: string, key: string) =>
  (server.doc.getMap("rows").get(row) as Y.Map<unknown>).get(key);

describe("a role that was taken away while offline", () => {
  it("leaves every edit that is refused aside, and brings the rest", async () => {
    const live = await opened();
    browser.goOffline();
    live.table.setValue(EAU, "etat", "publiee");
    live.table.setValue(DEBAT, "etat", "publiee");
    live.table.setText(EAU, "intitule", "Eau, hors ligne");
    nour.role = "member";
    server.rule = (touched, person) =>
      person.role === "member" && touched.some(({ key }) => key === "etat") ? "pilots-only" : null;

    browser.goOnline();
    await until(() => live.isSaved);

    expect(live.outbox.asides).toMatchObject([
      { reason: "pilots-only", intent: { row: EAU, key: "etat", value: "publiee" } },
      { reason: "pilots-only", intent: { row: DEBAT, key: "etat", value: "publiee" } },
    ]);
    expect(String(onServer(EAU, "intitule"))).toBe("Eau, hors ligne");
    expect(live.table.mayWrite(EAU, "etat")).toBe(false);
  });

  it("altogether leaves everything aside that was not saved, and nothing more can be written", async () => {
    const live = await opened();
    browser.goOffline();
    live.table.setText(EAU, "intitule", "Eau");
    live.table.setText(EAU, "intitule", "Eau, hors ligne");
    live.table.setValue(EAU, "duree_jours", 4);
    await quiet();
    shutTheDoor("no-role");

    browser.goOnline();
    await quiet(100);

    expect(live.line.state).toEqual({ state: "ended", why: "role" });
    expect(live.outbox.asides).toMatchObject([
      { reason: "no-role", intent: { what: "text", from: "Eau et débat", to: "Eau, hors ligne" } },
      { reason: "no-role", intent: { what: "set", key: "duree_jours", value: 4 } },
    ]);
    expect(live.wouldLose).toBe(false);
    expect(live.table.mayWrite(EAU, "intitule")).toBe(false);
    expect(live.table.mayBin(EAU)).toBe(false);
    browser.crash(live);
    expect((await opened()).outbox.asides.length).toBe(2);
  });

  it("is no reason to put anything aside where only the login ended: it waits for the person", async () => {
    const live = await opened();
    browser.goOffline();
    live.table.setValue(EAU, "duree_jours", 4);
    shutTheDoor("no-login");

    browser.goOnline();
    await quiet(100);
    expect(live.line.state).toEqual({ state: "ended", why: "login" });
    expect(live.outbox.asides).toEqual([]);
    expect(live.outbox.unsaved).toBe(1);
    browser.crash(live);
    server.shutOut.clear();
    browser.door = null;

    const again = await opened();
    await until(() => again.isSaved);

    expect(onServer(EAU, "duree_jours")).toBe(4);
  });
});

describe("a row that an erasure took while somebody was away", () => {
  it("does not come back, and their words about it are kept aside", async () => {
    const live = await opened();
    browser.goOffline();
    live.table.setText(EAU, "intitule", "Eau, hors ligne");
    live.table.setValue(DEBAT, "duree_jours", 4);
    server.rebuild((doc) => doc.getMap("rows").delete(EAU));

    browser.goOnline();
    await until(() => live.isSaved);

    expect(server.doc.getMap("rows").has(EAU)).toBe(false);
    expect(onServer(DEBAT, "duree_jours")).toBe(4);
    expect(live.outbox.asides).toMatchObject([
      { reason: "gone", intent: { what: "text", to: "Eau, hors ligne" } },
    ]);
  });
});

describe("what was put aside", () => {
  async function withAsides(): Promise<LiveTable> {
    const live = await opened();
    browser.goOffline();
    live.table.setValue(EAU, "duree_jours", 4);
    live.table.setText(EAU, "intitule", "Eau, hors ligne");
    const row = live.table.addRow(null);
    live.table.setBinned([DEBAT], true);
    await quiet();
    shutTheDoor("no-role");
    browser.goOnline();
    await quiet(100);
    expect(live.table.hasRow(row)).toBe(true);
    return live;
  }

  it("is proposed without a line, and no longer aside once it is stored", async () => {
    const live = await withAsides();
    const ids = live.outbox.asides.map(({ id }) => id);

    expect(await live.suggest(ids)).toEqual({ stored: 4, failed: null });

    expect(live.outbox.asides).toEqual([]);
    expect(browser.proposed).toMatchObject([
      {
        id: ids[0]?.replaceAll("/", ":"),
        row: EAU,
        what: "set",
        key: "duree_jours",
        value: 4,
        before: 2.5,
        reason: "no-role",
      },
      { what: "text", key: "intitule", from: "Eau et débat", to: "Eau, hors ligne" },
      { what: "add-row", value: expect.any(String) },
      { row: DEBAT, what: "bin", value: true },
    ]);
    await quiet();
    browser.crash(live);
    expect((await opened()).outbox.asides).toEqual([]);
  });

  it("stays where it is not proposed, or where that fails, and is proposed under the same name again", async () => {
    const live = await withAsides();
    const [first] = live.outbox.asides;
    browser.refusesProposals = "offline";
    expect(await live.suggest([first?.id ?? ""])).toEqual({ stored: 0, failed: "offline" });
    expect(live.outbox.asides.length).toBe(4);
    browser.refusesProposals = null;

    expect(await live.suggest([first?.id ?? ""])).toEqual({ stored: 1, failed: null });

    expect(live.outbox.asides.length).toBe(3);
    expect(browser.proposed.map(({ id }) => id)).toEqual([first?.id.replaceAll("/", ":")]);
  });

  it("is proposed though the server cannot take one of them", async () => {
    const live = await opened();
    const values = ["a", "b", "no", "c", "d"];
    const set = (value: string) => ({ what: "set" as const, row: EAU, key: "url", value, before: null });
    live.outbox.setAside(values.map(set), "pilots-only");

    const answer = await live.suggest(live.outbox.asides.map(({ id }) => id));

    expect(answer).toEqual({ stored: 4, failed: "refused" });
    expect(browser.proposed.map(({ value }) => value)).toEqual(["a", "b", "c", "d"]);
    expect(live.outbox.asides).toMatchObject([{ intent: { value: "no" } }]);
  });

  it("stays aside where the server stored only others", async () => {
    const live = await withAsides();
    const [first, ...others] = live.outbox.asides;

    const answer = await proposeAsides(
      live.outbox,
      live.outbox.asides.map(({ id }) => id),
      async (suggestions) => suggestions.slice(0, 1).map(({ id }) => id),
    );

    expect(answer).toEqual({ stored: 1, failed: "refused" });
    expect(live.outbox.asides).toEqual(others);
    expect(first).toBeDefined();
  });

  it("is proposed in several requests where it is much", async () => {
    const live = await opened();
    live.outbox.setAside(
      Array.from({ length: 1_200 }, (_, at) => ({
        what: "set" as const,
        row: EAU,
        key: "url",
        value: `https://exemple.fr/${at}`,
        before: null,
      })),
      "pilots-only",
    );

    expect(await live.suggest(live.outbox.asides.map(({ id }) => id))).toEqual({
      stored: 1_200,
      failed: null,
    });
    expect(new Set(browser.proposed.map(({ id }) => id)).size).toBe(1_200);
  });
});

describe("news for everybody", () => {
  it("are passed on with who, how many cells, and when", async () => {
    const live = await opened(LEA);
    const news: Notice[] = [];
    live.notices.on((one) => news.push(one));

    for (const line of server.lines)
      line.say({ type: "notice", key: "restored", by: "Nour", cells: 3, at: 7 });
    await quiet();

    expect(news).toEqual([{ type: "notice", key: "restored", by: "Nour", cells: 3, at: 7 }]);
  });
});
