import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Y from "yjs";
import type { LiveTable } from "../../src/sync/liveTable";
import { DEBAT, EAU } from "../model/inventory";
import { FakeServer, type Rule } from "./fakeServer";
import { Browser, LEA, NOUR, quiet, until } from "./tab";

let server: FakeServer;
let browser: Browser;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  server = new FakeServer();
  browser = new Browser(new IDBFactory());
});

afterEach(() => {
  vi.useRealTimers();
});

const opened = (person = LEA, from = browser): Promise<LiveTable> => from.opens(server, person);

async function goOffline(from = browser): Promise<void> {
  from.online = false;
  server.cut();
  await quiet();
}

async function comeBack(from = browser): Promise<void> {
  from.goOnline();
  await quiet();
}

const titleOf = (live: LiveTable, row = EAU) => live.table.cell(row, "intitule").value;
const titleOnServer = (row = EAU) =>
  String((server.doc.getMap("rows").get(row) as Y.Map<unknown>).get("intitule"));
const daysOnServer = (row = EAU) => (server.doc.getMap("rows").get(row) as Y.Map<unknown>).get("duree_jours");

/** Refuses members what only pilots write. */
const pilotsOnly =
  (key: string): Rule =>
  (touched, person) =>
    person.role === "member" && touched.some((cell) => cell.key === key) ? "pilots-only" : null;

describe("a tab on a good line", () => {
  it("shows the table, says who is here, and is live", async () => {
    const live = await opened();

    expect(live.table.rowIds()).toEqual([EAU, DEBAT]);
    expect(live.line.state.state).toBe("live");
    expect(live.presence.peers()).toMatchObject([{ name: "Léa", self: true, at: null }]);
  });

  it("is saved only when the server says so", async () => {
    const live = await opened();
    server.holdsSaved = true;

    live.table.setValue(EAU, "duree_jours", 4);
    await quiet();
    expect(daysOnServer()).toBe(4);
    expect(live.isSaved).toBe(false);
    expect(live.outbox.unsaved).toBe(1);

    for (const line of server.lines) line.saySaved();
    await quiet();
    expect(live.isSaved).toBe(true);
    expect(live.line.state).toMatchObject({ state: "live", savedUpTo: 2 });
  });

  it("counts as saved only the frames that were said to be", async () => {
    const live = await opened();
    server.holdsSaved = true;
    live.table.setValue(EAU, "duree_jours", 4);
    await quiet();
    const [line] = server.lines;
    line?.saySaved();
    live.table.setValue(DEBAT, "duree_jours", 5);

    await quiet();

    expect(live.outbox.unsaved).toBe(1);
  });

  it("shows what others write, letter by letter, in a text that the server made", async () => {
    const lea = await opened();
    const nour = await opened(NOUR, new Browser(new IDBFactory()));

    const [mine, theirs] = await Promise.all([
      Promise.all([lea.table.openText(EAU, "intitule"), quiet()]),
      Promise.all([nour.table.openText(EAU, "intitule"), quiet()]),
    ]);
    mine[0].replace("L’eau et débat");
    theirs[0].replace("Eau et débat public");
    await quiet();

    expect(titleOf(lea)).toBe("L’eau et débat public");
    expect(titleOf(nour)).toBe("L’eau et débat public");
    expect(titleOnServer()).toBe("L’eau et débat public");
    expect(lea.outbox.asides).toEqual([]);
  });

  it("is told why a text may not be opened", async () => {
    const nour = await opened(NOUR);
    server.rule = pilotsOnly("intitule");

    const opening = nour.table.openText(EAU, "intitule");
    const refused = expect(opening).rejects.toThrow("pilots-only");
    await quiet();

    await refused;
  });

  it("sees where the others are, and they see it go", async () => {
    const lea = await opened();
    const nour = await opened(NOUR, new Browser(new IDBFactory()));

    nour.presence.moveTo({ row: EAU, column: "intitule", editing: true });
    await quiet();
    const seen = lea.presence.peers().find(({ self }) => !self);
    expect(seen).toMatchObject({ name: "Nour", colour: 2, at: { row: EAU, editing: true } });

    await goOffline();
    expect(lea.presence.peers()).toEqual([]);
  });
});

describe("a tab without a network", () => {
  it("keeps what is done, counts it, and brings it when it comes back", async () => {
    const live = await opened();
    await goOffline();

    live.table.setValue(EAU, "duree_jours", 4);
    live.table.setValue(EAU, "duree_jours", 5);
    live.table.setText(EAU, "intitule", "Eau");
    live.table.setText(EAU, "intitule", "Eaux");
    const row = live.table.addRow(null);
    await quiet();
    expect(live.outbox.unsaved).toBe(3);
    expect(live.wouldLose).toBe(false);

    await comeBack();
    expect(live.isSaved).toBe(true);
    expect(daysOnServer()).toBe(5);
    expect(titleOnServer()).toBe("Eaux");
    expect(server.doc.getMap("rows").has(row)).toBe(true);
  });

  it("says honestly that it cannot keep anything where the browser has no storage", async () => {
    const live = await opened(LEA, new Browser(undefined));
    const other = new Browser(undefined);
    expect(live.device.keeps).toBe(false);
    server.cut();

    live.table.setValue(EAU, "duree_jours", 4);

    expect(live.wouldLose).toBe(true);
    expect(other.online).toBe(true);
    await quiet(200);
    expect(live.isSaved).toBe(true);
    expect(live.wouldLose).toBe(false);
  });

  it("finds its intents again after the page was closed, and loses them only to a saved", async () => {
    const before = await opened();
    await goOffline();
    before.table.setText(EAU, "intitule", "Eau, hors ligne");
    await quiet();
    browser.crash(before);

    const after = await opened();
    expect(titleOf(after)).toBe("Eau, hors ligne");
    expect(after.outbox.unsaved).toBe(1);

    await comeBack();
    expect(titleOnServer()).toBe("Eau, hors ligne");
    await goOffline();
    browser.crash(after);
    const third = await opened();
    expect(third.line.state.state).toBe("offline");
    expect(third.outbox.isEmpty).toBe(true);
    expect(titleOf(third)).toBe("Eau, hors ligne");
  });

  it("opens under another login without a trace of the first", async () => {
    const lea = await opened();
    await goOffline();
    lea.table.setText(EAU, "intitule", "À Léa seule");
    await quiet();
    browser.crash(lea);

    const nour = await opened(NOUR);

    expect(nour.hasDocument).toBe(false);
    expect(nour.outbox.isEmpty).toBe(true);
  });

  it("leaves to a living tab what that tab has not saved", async () => {
    const first = await opened();
    await goOffline();
    first.table.setValue(EAU, "duree_jours", 4);
    await quiet();

    const second = await opened();

    expect(second.outbox.isEmpty).toBe(true);
    expect(second.table.cell(EAU, "duree_jours").value).toBe(2.5);
  });

  it("made the same text as another tab: no letter of either is lost", async () => {
    const away = new Browser(new IDBFactory());
    const lea = await opened();
    const nour = await opened(NOUR, away);
    await goOffline();
    await goOffline(away);
    lea.table.setText(EAU, "intitule", "L’eau et débat");
    const editor = await nour.table.openText(EAU, "intitule");
    editor.replace("Eau et débat p");
    editor.replace("Eau et débat public");

    await comeBack();
    await comeBack(away);
    await until(() => lea.isSaved && nour.isSaved);

    expect(titleOnServer()).toBe("L’eau et débat public");
    expect(titleOf(lea)).toBe("L’eau et débat public");
    expect(titleOf(nour)).toBe("L’eau et débat public");
    expect(editor.toString()).toBe("L’eau et débat public");
    expect(nour.outbox.asides).toEqual([]);
    expect(nour.isSaved).toBe(true);
  });
});

describe("a refusal", () => {
  it("puts aside what was refused, with its words, and brings the rest", async () => {
    const nour = await opened(NOUR);
    server.rule = pilotsOnly("url");

    nour.table.transact(() => {
      nour.table.setValue(EAU, "url", "https://interdit.fr");
      nour.table.setValue(EAU, "duree_jours", 4);
    });
    await quiet();

    expect(daysOnServer()).toBe(4);
    expect(nour.table.cell(EAU, "url").value).toBeNull();
    expect(nour.outbox.asides).toMatchObject([
      { reason: "pilots-only", intent: { row: EAU, key: "url", value: "https://interdit.fr" } },
    ]);
    expect(nour.isSaved).toBe(true);
    expect(nour.line.state.state).toBe("live");
  });

  it("of what was done offline takes nothing else with it, whatever was done before and after", async () => {
    const nour = await opened(NOUR);
    await goOffline();
    nour.table.setText(EAU, "intitule", "Eau, hors ligne");
    nour.table.setValue(EAU, "url", "https://interdit.fr");
    nour.table.setValue(DEBAT, "url", "https://interdit.fr/aussi");
    const row = nour.table.addRow(null);
    nour.table.setText(row, "intitule", "Neuve");
    server.rule = pilotsOnly("url");

    await comeBack();
    await until(() => nour.isSaved);

    expect(titleOnServer()).toBe("Eau, hors ligne");
    expect(titleOnServer(row)).toBe("Neuve");
    expect(nour.outbox.asides.length).toBe(2);
    expect(nour.isSaved).toBe(true);
    expect(server.heard.filter(({ frame }) => frame === "step1").length).toBe(3);
  });

  it("of one thing among many that the server does not name finds that one", async () => {
    const nour = await opened(NOUR);
    await goOffline();
    for (const days of [3, 4]) nour.table.setValue(EAU, "duree_jours", days);
    nour.table.setText(EAU, "intitule", "Eau, hors ligne");
    nour.table.setValue(DEBAT, "url", "https://malvenu.fr");
    server.namesCells = false;
    server.rule = (touched) => (touched.some(({ key }) => key === "url") ? "malformed" : null);

    await comeBack();
    await until(() => nour.isSaved);

    expect(daysOnServer()).toBe(4);
    expect(titleOnServer()).toBe("Eau, hors ligne");
    expect(nour.outbox.asides).toMatchObject([{ reason: "malformed" }]);
  });

  it("is not forgotten by the device, until the person lets it go", async () => {
    const nour = await opened(NOUR);
    server.rule = pilotsOnly("url");
    nour.table.setValue(EAU, "url", "https://interdit.fr");
    await quiet();
    browser.crash(nour);

    const again = await opened(NOUR);
    expect(again.outbox.asides.length).toBe(1);
    again.outbox.forget(again.outbox.asides.map(({ id }) => id));
    await quiet();
    browser.crash(again);

    expect((await opened(NOUR)).outbox.asides).toEqual([]);
  });

  it("lets nobody lose the letters they type while the new document comes", async () => {
    const nour = await opened(NOUR);
    server.rule = pilotsOnly("url");
    const text = await Promise.all([nour.table.openText(EAU, "intitule"), quiet()]).then(([open]) => open);

    nour.table.setValue(EAU, "url", "https://interdit.fr");
    for (const letters of ["E", "Ea", "Eau", "Eau !"]) {
      text.replace(letters);
      await Promise.resolve();
    }
    await quiet();

    expect(titleOnServer()).toBe("Eau !");
    expect(text.toString()).toBe("Eau !");
    expect(nour.isSaved).toBe(true);
  });

  it("does not say again what the server took though its saved never came, and others took out since", async () => {
    const nour = await opened(NOUR);
    const lea = await opened(LEA, new Browser(new IDBFactory()));
    const [text] = await Promise.all([nour.table.openText(EAU, "intitule"), quiet()]);
    server.holdsSaved = true;
    server.rule = pilotsOnly("url");
    text.replace("Eau et débat, une fois");
    await quiet();
    lea.table.setText(EAU, "intitule", "Eau et débat");
    await quiet();

    nour.table.setValue(EAU, "url", "https://interdit.fr");
    server.holdsSaved = false;
    await until(() => nour.isSaved);

    expect(nour.outbox.asides.length).toBe(1);
    expect(titleOnServer()).toBe("Eau et débat");
    expect(text.toString()).toBe("Eau et débat");
  });
});

describe("a new epoch", () => {
  it("gives the tab another document and keeps what was not saved", async () => {
    const live = await opened();
    live.table.setText(EAU, "intitule", "Eau et grand débat");
    await quiet();
    await goOffline();
    live.table.setText(EAU, "intitule", "Eau et très grand débat");
    const other = await opened(NOUR, new Browser(new IDBFactory()));
    other.table.setText(EAU, "intitule", "L’eau et grand débat");
    await quiet();
    server.rebuild();
    await quiet();

    await comeBack();

    expect(titleOnServer()).toBe("L’eau et très grand débat");
    expect(titleOf(live)).toBe("L’eau et très grand débat");
    expect(titleOf(other)).toBe("L’eau et très grand débat");
    expect(live.isSaved).toBe(true);
  });

  it("is taken by a page that comes back from its device", async () => {
    const before = await opened();
    await goOffline();
    before.table.setValue(EAU, "duree_jours", 6);
    await quiet();
    browser.crash(before);
    server.rebuild();

    const after = await opened();
    await comeBack();

    expect(daysOnServer()).toBe(6);
    expect(after.isSaved).toBe(true);
  });
});

describe("large edits", () => {
  it("of one thing that no frame can carry are put aside, and the rest goes on", async () => {
    const live = await opened();

    live.table.setText(EAU, "intitule", "x".repeat(70_000));
    live.table.setValue(EAU, "duree_jours", 4);
    await until(() => live.isSaved);

    expect(live.outbox.asides).toMatchObject([{ reason: "too-large" }]);
    expect(daysOnServer()).toBe(4);
    expect(live.isSaved).toBe(true);
  });

  it("of many things are brought one by one when one frame cannot carry them", async () => {
    const live = await opened();
    const rows: string[] = [];

    live.table.transact(() => {
      for (let at = 0; at < 60; at += 1) {
        const row = live.table.addRow(null);
        rows.push(row);
        live.table.setText(row, "intitule", "x".repeat(1_500));
      }
    });
    await until(() => live.isSaved);

    expect(rows.every((row) => titleOnServer(row).length === 1_500)).toBe(true);
    expect(live.outbox.asides).toEqual([]);
    expect(live.isSaved).toBe(true);
  });
});

describe("the end of a login", () => {
  it("ends the line and keeps everything", async () => {
    const live = await opened();
    server.cut(4401);
    await quiet();

    live.table.setValue(EAU, "duree_jours", 4);
    await quiet(5_000);

    expect(live.line.state).toEqual({ state: "ended", why: "login" });
    expect(live.outbox.unsaved).toBe(1);
    expect(live.wouldLose).toBe(false);
  });

  it("is told by a page that somebody else's login has opened", async () => {
    const live = await browser.open(server, { ...LEA });
    await quiet();
    server.cut();
    const stranger = vi.spyOn(server, "connect").mockImplementation((_, epoch) => {
      stranger.mockRestore();
      return server.connect(NOUR, epoch);
    });
    await quiet(200);

    expect(live.line.state).toEqual({ state: "ended", why: "login" });
  });
});
