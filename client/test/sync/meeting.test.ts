import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Y from "yjs";
import type { LiveTable } from "../../src/sync/liveTable";
import type { Overtaken } from "../../src/sync/overtaken";
import { DEBAT, EAU } from "../model/inventory";
import { FakeServer } from "./fakeServer";
import { Browser, LEA, NOUR, quiet, until } from "./tab";

/** Of two values written at once, that of the higher writer stands. */
const HIGHEST = 4_000_000_000;

let server: FakeServer;
let here: Browser;
let there: Browser;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  server = new FakeServer();
  [here, there] = [new Browser(new IDBFactory()), new Browser(new IDBFactory())];
});

afterEach(() => {
  vi.useRealTimers();
});

const opened = (from = here, person = LEA): Promise<LiveTable> => from.opens(server, person);

function told(live: LiveTable): Overtaken[] {
  const all: Overtaken[] = [];
  live.overtaken.on((news) => all.push(news));
  return all;
}

const titleOf = (live: LiveTable) => live.table.cell(EAU, "intitule").value;
const onServer = (row: string, key: string) =>
  (server.doc.getMap("rows").get(row) as Y.Map<unknown>).get(key);

/** Two people set one thing in the same moment; says whose stands, and what the other was told. */
async function race(set: (live: LiveTable, who: "lea" | "nour") => void) {
  const [lea, nour] = [await opened(), await opened(there, NOUR)];
  const news = { lea: told(lea), nour: told(nour) };
  set(lea, "lea");
  set(nour, "nour");
  await quiet();
  return { lea, nour, news };
}

describe("a value that another's replaced in the same moment", () => {
  it("is told once to whose it was, with both values and the name", async () => {
    const { lea, nour, news } = await race((live, who) =>
      live.table.setValue(EAU, "duree_jours", who === "lea" ? 4 : 5),
    );

    const now = Number(onServer(EAU, "duree_jours"));
    const loser = now === 4 ? "nour" : "lea";
    const [mine, by] = loser === "lea" ? [4, "Nour"] : [5, "Léa"];
    expect(news[loser]).toEqual([
      { row: EAU, column: "duree_jours", key: "duree_jours", mine, theirs: now, by },
    ]);
    expect(news[loser === "lea" ? "nour" : "lea"]).toEqual([]);
    expect(lea.table.cell(EAU, "duree_jours").value).toBe(nour.table.cell(EAU, "duree_jours").value);
  });

  it("may be one item of a list, or somebody's own words", async () => {
    const { news } = await race((live, who) =>
      live.table.transact(() => {
        live.table.setValue(EAU, "tarifs", { plein: { montant: who === "lea" ? 100 : 200 } });
        live.table.setSaid(EAU, "duree_jours", who === "lea" ? "deux jours" : "trois jours");
      }),
    );

    const keys = [...news.lea, ...news.nour].map(({ column, key }) => [column, key]);
    expect(keys.sort()).toEqual([
      ["duree_jours", "duree_jours~said"],
      ["tarifs", "tarifs/plein"],
    ]);
  });

  it("can be written again, as an edit that can be undone", async () => {
    const { lea, nour, news } = await race((live, who) =>
      live.table.setValue(EAU, "duree_jours", who === "lea" ? 4 : 5),
    );
    const [loser, lost] = news.lea.length > 0 ? [lea, news.lea[0]] : [nour, news.nour[0]];
    if (lost === undefined) throw new Error("somebody must have lost");

    loser.takeMine(lost);
    await quiet();
    expect(onServer(EAU, "duree_jours")).toBe(lost.mine);

    loser.table.undo();
    await quiet();
    expect(onServer(EAU, "duree_jours")).toBe(lost.theirs);
  });

  it("is not told where both set the same, nor at other places, nor of texts", async () => {
    const { news } = await race((live, who) => {
      live.table.setValue(EAU, "duree_jours", 4);
      live.table.setValue(who === "lea" ? EAU : DEBAT, "url", `https://${who}.fr`);
      live.table.setValue(EAU, "themes", { eau: true, [who === "lea" ? "debat" : "eau"]: true });
    });
    const [lea, nour] = [await opened(), await opened(there, NOUR)];
    await Promise.all([lea.table.openText(EAU, "intitule"), quiet()]);
    lea.table.setText(EAU, "intitule", "L’eau et débat");
    nour.table.setText(EAU, "intitule", "Eau et débat public");
    await quiet();

    expect(news).toEqual({ lea: [], nour: [] });
  });

  it("is not told where somebody had seen mine and wrote another, saved or not", async () => {
    const [lea, nour] = [await opened(), await opened(there, NOUR)];
    const news = told(lea);
    server.holdsSaved = true;
    lea.table.setValue(EAU, "duree_jours", 4);
    await quiet();

    nour.table.setValue(EAU, "duree_jours", 5);
    await quiet();
    nour.table.setValue(EAU, "duree_jours", 6);
    await quiet();

    expect(lea.outbox.unsaved).toBe(1);
    expect(lea.table.cell(EAU, "duree_jours").value).toBe(6);
    expect(news).toEqual([]);
  });

  it("is not told of my own other tab, here or on another device", async () => {
    const [first, second, phone] = [await opened(), await opened(), await opened(there)];
    const news = [told(first), told(second), told(phone)];

    for (const [at, live] of [first, second, phone].entries())
      live.table.setValue(EAU, "duree_jours", 10 + at);
    await quiet();

    expect(news).toEqual([[], [], []]);
  });

  it("is not told where the server writes the same otherwise, nor of what I had undone", async () => {
    const lea = await opened();
    const news = told(lea);
    server.doc.clientID = HIGHEST;
    lea.table.setValue(EAU, "url", "https://exemple.fr");
    lea.table.endStep();
    lea.table.setValue(DEBAT, "duree_jours", 9);
    lea.table.undo();
    server.write((rows) => {
      rows.get(EAU)?.set("url", "https://exemple.fr ");
      rows.get(DEBAT)?.set("duree_jours", 3);
    });
    await quiet();

    expect(lea.table.cell(EAU, "url").value).toBe("https://exemple.fr ");
    expect(news).toEqual([]);
  });

  it("is told without a name where nobody knows who wrote", async () => {
    const lea = await opened();
    const news = told(lea);
    server.doc.clientID = HIGHEST;
    lea.table.setValue(EAU, "duree_jours", 9);
    server.write((rows) => rows.get(EAU)?.set("duree_jours", 3));
    await quiet();

    expect(news).toMatchObject([{ mine: 9, theirs: 3, by: null }]);
  });
});

describe("coming back from an absence", () => {
  it("tells the places that others changed too, with both values and what stands there", async () => {
    const [lea, nour] = [await opened(), await opened(there, NOUR)];
    const news = told(lea);
    await Promise.all([lea.table.openText(EAU, "intitule"), quiet()]);
    here.goOffline();
    lea.table.setText(EAU, "intitule", "L’eau et débat");
    lea.table.setValue(EAU, "duree_jours", 4);
    lea.table.setValue(EAU, "url", "https://lea.fr");
    lea.table.setValue(EAU, "tarifs", { plein: { montant: 100 } });
    nour.table.setText(EAU, "intitule", "Eau et débat public");
    nour.table.setValue(EAU, "duree_jours", 5);
    nour.table.setValue(EAU, "tarifs", { plein: { montant: 200 } });
    nour.table.setValue(DEBAT, "url", "https://nour.fr");
    await quiet();

    here.goOnline();
    await until(() => lea.isSaved);

    const lines = new Map(lea.absence.map((line) => [line.key, line]));
    expect([...lines.keys()].sort()).toEqual(["duree_jours", "intitule", "tarifs/plein"]);
    expect(lines.get("duree_jours")).toMatchObject({ row: EAU, column: "duree_jours", mine: 4, theirs: 5 });
    expect(lines.get("duree_jours")?.now).toBe(onServer(EAU, "duree_jours"));
    expect(lines.get("tarifs/plein")).toMatchObject({ mine: { montant: 100 }, theirs: { montant: 200 } });
    expect(lines.get("intitule")).toMatchObject({
      mine: "L’eau et débat",
      theirs: "Eau et débat public",
      now: "L’eau et débat public",
    });
    expect(news).toEqual([]);
  });

  it.each([
    ["mine", 4],
    ["theirs", 5],
  ] as const)("tells both values where %s stands in the end", async (whose, stands) => {
    // Of two values written at once, that of the later writer stands.
    const early = await opened(there, NOUR);
    const lea = await opened();
    const nour = whose === "mine" ? early : await opened(there, NOUR);
    here.goOffline();
    lea.table.setValue(EAU, "duree_jours", 4);
    nour.table.setValue(EAU, "duree_jours", 5);
    await quiet();

    here.goOnline();
    await until(() => lea.isSaved);

    expect(lea.absence).toMatchObject([{ mine: 4, theirs: 5, now: stands }]);
    expect(onServer(EAU, "duree_jours")).toBe(stands);
  });

  it("tells whose row went to the bin meanwhile", async () => {
    const [lea, nour] = [await opened(), await opened(there, NOUR)];
    here.goOffline();
    lea.table.setValue(EAU, "duree_jours", 4);
    nour.table.setBinned([EAU], true);
    await quiet();

    here.goOnline();
    await until(() => lea.isSaved);

    expect(lea.absence).toEqual([
      { row: EAU, column: "", key: "~deleted", mine: false, theirs: true, now: true },
    ]);
  });

  it("is silent where others did the same, where nobody else was, and of my own other tab", async () => {
    const [lea, nour, phone] = [await opened(), await opened(there, NOUR), await opened(there)];
    here.goOffline();
    lea.table.setValue(EAU, "duree_jours", 4);
    lea.table.setValue(EAU, "url", "https://lea.fr");
    lea.table.setValue(DEBAT, "duree_jours", 8);
    nour.table.setValue(EAU, "duree_jours", 4);
    phone.table.setValue(DEBAT, "duree_jours", 9);
    await quiet();

    here.goOnline();
    await until(() => lea.isSaved);

    expect(lea.absence).toEqual([]);
  });

  it("is silent of words written where there were none, done again in a new document", async () => {
    server.write((rows) => rows.get(DEBAT)?.set("intitule", null));
    const lea = await opened();
    here.goOffline();
    lea.table.setText(DEBAT, "intitule", "Écouter");
    await quiet();
    server.rebuild();

    here.goOnline();
    await until(() => lea.isSaved);

    expect(lea.table.cell(DEBAT, "intitule").value).toBe("Écouter");
    expect(lea.absence).toEqual([]);
  });

  it("tells them also where everything had to be done again in a new document", async () => {
    const [lea, nour] = [await opened(), await opened(there, NOUR)];
    here.goOffline();
    lea.table.setText(EAU, "intitule", "L’eau et débat");
    lea.table.setValue(EAU, "duree_jours", 4);
    nour.table.setText(EAU, "intitule", "Eau et débat public");
    nour.table.setValue(EAU, "duree_jours", 5);
    await quiet();
    server.rebuild();
    await quiet();

    here.goOnline();
    await until(() => lea.isSaved);

    expect([...lea.absence].sort((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { row: EAU, column: "duree_jours", key: "duree_jours", mine: 4, theirs: 5, now: 4 },
      {
        row: EAU,
        column: "intitule",
        key: "intitule",
        mine: "L’eau et débat",
        theirs: "Eau et débat public",
        now: "L’eau et débat public",
      },
    ]);
    expect(titleOf(nour)).toBe("L’eau et débat public");
  });

  it("is kept by the device until it is dismissed, line by line or all", async () => {
    const [lea, nour] = [await opened(), await opened(there, NOUR)];
    here.goOffline();
    lea.table.setValue(EAU, "duree_jours", 4);
    lea.table.setValue(DEBAT, "duree_jours", 4);
    for (const row of [EAU, DEBAT]) nour.table.setValue(row, "duree_jours", 5);
    await quiet();
    here.goOnline();
    await until(() => lea.isSaved);
    here.crash(lea);

    const again = await opened();
    expect(again.absence.length).toBe(2);
    again.dismissAbsence(again.absence.filter(({ row }) => row === EAU));
    await quiet();
    here.crash(again);
    const third = await opened();
    expect(third.absence.map(({ row }) => row)).toEqual([DEBAT]);
    third.dismissAbsence();
    await quiet();
    here.crash(third);

    expect((await opened()).absence).toEqual([]);
  });
});
