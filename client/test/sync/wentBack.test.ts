import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Y from "yjs";
import type { LiveTable } from "../../src/sync/liveTable";
import { DEBAT, EAU } from "../model/inventory";
import { type Backup, FakeServer } from "./fakeServer";
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

const onServer = (row: string, key: string): unknown => {
  const map = server.doc.getMap("rows").get(row) as Y.Map<unknown> | undefined;
  const stored = map?.get(key);
  return stored === undefined || stored === null
    ? stored
    : ((stored as { toJSON?(): unknown }).toJSON?.() ?? stored);
};

const pushed = () =>
  server.heard.filter((frame) => "update" in frame && frame.update.length > 2).map(({ frame }) => frame);

/** Léa saves more after a backup; then the server is put back to it. */
async function lostAfterBackup(): Promise<{ live: LiveTable; row: string; backup: Backup }> {
  const live = await opened();
  live.table.setText(EAU, "intitule", "Eau et débat, tome 1");
  await quiet();
  const backup = server.backup();
  live.table.setText(EAU, "intitule", "Eau et débat, tome 1 et 2");
  live.table.setValue(EAU, "duree_jours", 4);
  live.table.setValue(EAU, "tarifs", { plein: { montant: 100 } });
  const row = live.table.addRow(null);
  live.table.setText(row, "intitule", "Neuve");
  live.table.setBinned([DEBAT], true);
  await until(() => live.isSaved);
  server.heard.length = 0;
  return { live, row, backup };
}

describe("a server that was put back to a backup", () => {
  it("is sent nothing before somebody has chosen, and all that differs is named", async () => {
    const { live, row, backup } = await lostAfterBackup();
    server.putBack(backup);
    await until(() => live.wentBack !== null);
    live.table.setValue(EAU, "url", "https://entretemps.fr");
    await quiet(2_000);

    expect(pushed()).toEqual([]);
    expect(live.line.state.state).not.toBe("live");
    expect(live.isSaved).toBe(false);
    const cells = new Map(live.wentBack?.cells.map((cell) => [`${cell.row} ${cell.key}`, cell]));
    expect([...cells.keys()].sort()).toEqual(
      [
        `${EAU} duree_jours`,
        `${EAU} intitule`,
        `${EAU} tarifs/plein`,
        `${DEBAT} ~deleted`,
        `${row} ~order`,
        `${row} intitule`,
      ].sort(),
    );
    expect(cells.get(`${EAU} duree_jours`)).toMatchObject({ column: "duree_jours", mine: 4, theirs: 2.5 });
    expect(cells.get(`${EAU} intitule`)).toMatchObject({
      mine: "Eau et débat, tome 1 et 2",
      theirs: "Eau et débat, tome 1",
    });
  });

  it("gets it all again, in the name of whoever keeps theirs", async () => {
    const { live, row, backup } = await lostAfterBackup();
    server.putBack(backup);
    await until(() => live.wentBack !== null);
    live.table.setValue(EAU, "url", "https://entretemps.fr");

    live.resolveWentBack("keep-mine");
    await until(() => live.isSaved && live.line.state.state === "live");

    expect(live.wentBack).toBeNull();
    expect(onServer(EAU, "intitule")).toBe("Eau et débat, tome 1 et 2");
    expect(onServer(EAU, "duree_jours")).toBe(4);
    expect(onServer(EAU, "tarifs/plein")).toEqual({ montant: 100 });
    expect(onServer(EAU, "url")).toBe("https://entretemps.fr");
    expect(onServer(row, "intitule")).toBe("Neuve");
    expect(onServer(DEBAT, "~deleted")).toBeTruthy();
    expect(live.outbox.asides).toEqual([]);
    expect(live.absence).toEqual([]);
  });

  it("stays as it is where that is chosen: what differs is kept aside, what was not saved is brought", async () => {
    const { live, row, backup } = await lostAfterBackup();
    browser.goOffline();
    live.table.setText(EAU, "intitule", "Eau et débat, tome 1 et 2, hors ligne");
    live.table.setValue(DEBAT, "duree_jours", 8);
    server.putBack(backup);
    browser.goOnline();
    await until(() => live.wentBack !== null);

    live.resolveWentBack("keep-server");
    await until(() => live.isSaved && live.line.state.state === "live");

    expect(onServer(EAU, "duree_jours")).toBeUndefined();
    expect(onServer(EAU, "intitule")).toBe("Eau et débat, tome 1, hors ligne");
    expect(onServer(DEBAT, "duree_jours")).toBe(8);
    expect(server.doc.getMap("rows").has(row)).toBe(false);
    const asides = live.outbox.asides.map(({ intent, reason }) => [intent.what, intent.row, reason]);
    expect(asides).toContainEqual(["set", EAU, "went-back"]);
    expect(asides).toContainEqual(["bin", DEBAT, "went-back"]);
    expect(asides).toContainEqual(["add-row", row, "went-back"]);
    const words = live.outbox.asides.map(({ intent }) => (intent.what === "text" ? intent.to : ""));
    expect(words).toContain("Neuve");
    expect(words).toContain("Eau et débat, tome 1 et 2, hors ligne");
  });

  it("asks again after a reload, and after a line that was lost meanwhile", async () => {
    const { live, backup } = await lostAfterBackup();
    server.putBack(backup);
    await until(() => live.wentBack !== null);
    server.cut();
    await quiet(500);
    expect(live.wentBack).not.toBeNull();
    browser.crash(live);

    const again = await opened();
    await until(() => again.wentBack !== null);
    again.resolveWentBack("keep-mine");
    await until(() => again.isSaved && again.line.state.state === "live");

    expect(onServer(EAU, "duree_jours")).toBe(4);
  });

  it("takes a choice that was made while the line was lost", async () => {
    const { live, backup } = await lostAfterBackup();
    server.putBack(backup);
    await until(() => live.wentBack !== null);
    browser.goOffline();

    live.resolveWentBack("keep-mine");
    browser.goOnline();
    await until(() => live.line.state.state === "live" && live.isSaved);

    expect(live.wentBack).toBeNull();
    expect(onServer(EAU, "duree_jours")).toBe(4);
  });

  it("takes a choice that was made before the new document had come again", async () => {
    const { live, row, backup } = await lostAfterBackup();
    server.putBack(backup);
    await until(() => live.wentBack !== null);
    live.line.changes.on(({ state }) => {
      if (state === "syncing") queueMicrotask(() => live.resolveWentBack("keep-mine"));
    });
    server.cut();
    await until(() => live.line.state.state === "live" && live.isSaved);

    expect(onServer(EAU, "duree_jours")).toBe(4);
    expect(onServer(row, "intitule")).toBe("Neuve");
    expect(live.table.rowIds()).toEqual([EAU, row]);
    expect(live.outbox.asides).toEqual([]);
  });

  it("is not asked about where nothing differs by value", async () => {
    const { live: lea, backup } = await lostAfterBackup();
    const nour = await opened(NOUR, new Browser(new IDBFactory()));
    server.putBack(backup);
    await until(() => lea.wentBack !== null && nour.wentBack !== null);
    lea.resolveWentBack("keep-mine");
    await until(() => lea.isSaved && lea.line.state.state === "live");

    server.cut();
    await until(() => nour.line.state.state === "live");

    expect(nour.wentBack).toBeNull();
    expect(nour.outbox.asides).toEqual([]);
  });

  it("is noticed though only letters were taken out since", async () => {
    const live = await opened();
    live.table.setText(EAU, "intitule", "Eau et débat public");
    await until(() => live.isSaved);
    server.cut();
    await quiet(200);
    const backup = server.backup();
    live.table.setText(EAU, "intitule", "Eau et débat");
    await until(() => live.isSaved);
    server.cut();
    await quiet(200);

    server.putBack(backup);
    await until(() => live.wentBack !== null);

    expect(live.wentBack?.cells).toMatchObject([{ mine: "Eau et débat", theirs: "Eau et débat public" }]);
    expect(onServer(EAU, "intitule")).toBe("Eau et débat public");
  });

  it("that has another epoch is new, not old: only what was not saved is brought", async () => {
    const { live, backup } = await lostAfterBackup();
    browser.goOffline();
    live.table.setValue(DEBAT, "duree_jours", 8);
    server.putBack(backup);
    server.rebuild();
    browser.goOnline();
    await until(() => live.isSaved && live.line.state.state === "live");

    expect(live.wentBack).toBeNull();
    expect(onServer(DEBAT, "duree_jours")).toBe(8);
    expect(onServer(EAU, "duree_jours")).not.toBe(4);
    expect(live.outbox.asides).toEqual([]);
  });

  it("is never suspected after an ordinary restart, a refusal, or an absence", async () => {
    const nour = await opened(NOUR);
    const asked: unknown[] = [];
    nour.changes.on(() => nour.wentBack !== null && asked.push(nour.wentBack));
    nour.table.setText(EAU, "intitule", "Eau");
    await quiet();
    server.cut(1012);
    await quiet(200);
    server.rule = (touched) => (touched.some(({ key }) => key === "url") ? "pilots-only" : null);
    nour.table.setValue(EAU, "url", "https://interdit.fr");
    nour.table.setValue(EAU, "duree_jours", 3);
    await until(() => nour.isSaved);
    browser.goOffline();
    nour.table.setText(EAU, "intitule", "Eau, encore");
    server.write((rows) => rows.get(DEBAT)?.set("duree_jours", 7));
    browser.goOnline();
    await until(() => nour.isSaved);

    expect(asked).toEqual([]);
    expect(nour.outbox.asides.length).toBe(1);
  });
});
