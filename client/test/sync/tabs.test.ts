import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Y from "yjs";
import { Device } from "../../src/sync/device";
import type { LiveTable } from "../../src/sync/liveTable";
import { DEBAT, EAU } from "../model/inventory";
import { FakeServer } from "./fakeServer";
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

const titleOnServer = (row = EAU) =>
  String((server.doc.getMap("rows").get(row) as Y.Map<unknown>).get("intitule"));
const daysOnServer = (row = EAU) => (server.doc.getMap("rows").get(row) as Y.Map<unknown>).get("duree_jours");

describe("what a tab left that died", () => {
  it("is taken up once, by one of two that open at the same moment", async () => {
    const dead = await opened();
    browser.goOffline();
    dead.table.setText(EAU, "intitule", "Eau et débat, hors ligne");
    dead.table.setValue(DEBAT, "duree_jours", 9);
    await quiet();
    browser.crash(dead);

    const [first, second] = await Promise.all([browser.open(server, LEA), browser.open(server, LEA)]);

    expect([first.outbox.unsaved, second.outbox.unsaved].sort()).toEqual([0, 2]);
    server.rebuild();
    browser.goOnline();
    await until(() => first.isSaved && second.isSaved);
    expect(titleOnServer()).toBe("Eau et débat, hors ligne");
    expect(daysOnServer(DEBAT)).toBe(9);
  });

  it("belongs to whoever took it up: a third tab leaves it alone", async () => {
    const dead = await opened();
    browser.goOffline();
    dead.table.setValue(EAU, "duree_jours", 9);
    await quiet();
    browser.crash(dead);

    const second = await opened();
    const third = await opened();

    expect(second.outbox.unsaved).toBe(1);
    expect(third.outbox.unsaved).toBe(0);
    browser.crash(second);
    expect((await opened()).outbox.unsaved).toBe(1);
  });

  it("is taken up by a tab that lives, once it has a line", async () => {
    const [dying, living] = [await opened(), await opened()];
    browser.goOffline();
    dying.table.setText(EAU, "intitule", "Eau et débat, hors ligne");
    const row = dying.table.addRow(null);
    dying.table.setText(row, "intitule", "Neuve");
    await quiet();
    browser.crash(dying);

    browser.goOnline();
    await quiet();
    await until(() => living.isSaved);
    await quiet();

    expect(titleOnServer()).toBe("Eau et débat, hors ligne");
    expect(titleOnServer(row)).toBe("Neuve");
    expect(await living.device.entries()).toEqual([]);
  });

  it("is not said again where the server had it, though its saved never came", async () => {
    const [dying, living] = [await opened(), await opened()];
    server.holdsSaved = true;
    dying.table.setText(EAU, "intitule", "Eau et débat public");
    await quiet();
    browser.crash(dying);
    living.table.setText(EAU, "intitule", "Eau et débat");
    await quiet();
    server.holdsSaved = false;

    server.cut();
    await until(() => living.isSaved);
    await quiet();

    expect(titleOnServer()).toBe("Eau et débat");
    expect(await living.device.entries()).toEqual([]);
  });

  it("is done again where it was done in the document of another epoch", async () => {
    const [dying, living] = [await opened(), await opened()];
    browser.goOffline();
    dying.table.setText(EAU, "intitule", "Eau et débat, hors ligne");
    await quiet();
    browser.crash(dying);
    // The living tab moves on to the next epoch, and dies with nothing to say.
    server.rebuild();
    vi.spyOn(living.device, "entries").mockResolvedValue([]);
    browser.goOnline();
    await until(() => living.line.state.state === "live");
    browser.goOffline();
    browser.crash(living);

    const next = await opened();
    expect(next.table.cell(EAU, "intitule").value).toBe("Eau et débat, hors ligne");
    expect(next.outbox.unsaved).toBe(1);
    browser.goOnline();
    await until(() => next.isSaved);

    expect(titleOnServer()).toBe("Eau et débat, hors ligne");
  });

  it("is not sent before the device knows that it was taken up: a page that died now would say it twice", async () => {
    const [dying, living] = [await opened(), await opened()];
    browser.goOffline();
    dying.table.setText(EAU, "intitule", "Eau et débat, hors ligne");
    await quiet();
    browser.crash(dying);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const exchange = living.device.exchange.bind(living.device);
    vi.spyOn(living.device, "exchange").mockImplementation((one) => held.then(() => exchange(one)));

    browser.goOnline();
    await until(() => !living.isSaved);
    living.table.setValue(DEBAT, "duree_jours", 7);
    await quiet();
    expect(titleOnServer()).not.toBe("Eau et débat, hors ligne");
    release();
    await until(() => living.isSaved);

    expect(titleOnServer()).toBe("Eau et débat, hors ligne");
  });

  it("is said once though the browser cannot say who lives", async () => {
    browser.knowsTabs = false;
    const first = await opened();
    browser.goOffline();
    first.table.setText(EAU, "intitule", "Eau et débat, hors ligne");
    await quiet();
    const second = await opened();

    browser.goOnline();
    await until(() => first.isSaved && second.isSaved);
    first.table.setText(EAU, "intitule", "Eau et débat, hors ligne !");
    server.cut();
    await until(() => first.isSaved && second.isSaved);

    expect(titleOnServer()).toBe("Eau et débat, hors ligne !");
  });

  it("is counted, with what the other tabs have not saved", async () => {
    const [first, second] = [await opened(), await opened()];
    browser.goOffline();
    first.table.setValue(EAU, "duree_jours", 9);
    second.table.setValue(EAU, "duree_jours", 8);
    second.table.setValue(DEBAT, "duree_jours", 8);
    await quiet();

    expect(await first.unsavedOnDevice()).toBe(2);
  });
});

describe("several tabs of one person", () => {
  it("each save what they did, and see each other's", async () => {
    const [first, second] = [await opened(), await opened()];
    browser.goOffline();
    first.table.setText(EAU, "intitule", "L’eau et débat");
    const text = second.table;
    second.table.setValue(EAU, "duree_jours", 8);
    await quiet();

    browser.goOnline();
    await until(() => first.isSaved && second.isSaved);
    await quiet();

    expect(first.table.cell(EAU, "duree_jours").value).toBe(8);
    expect(text.cell(EAU, "intitule").value).toBe("L’eau et débat");
    expect(await first.device.entries()).toEqual([]);
  });

  it("keep one document: compacting waits for the last of them", async () => {
    const [first, second] = [await opened(), await opened()];
    const compact = vi.spyOn(Device.prototype, "compact");
    for (let days = 0; days < 320; days += 1) first.table.setValue(EAU, "duree_jours", days);
    await until(() => first.isSaved);
    expect(compact).not.toHaveBeenCalled();

    browser.crash(second);
    first.table.setValue(EAU, "duree_jours", 400);
    await until(() => first.isSaved);
    await quiet();

    expect(compact).toHaveBeenCalledTimes(1);
    compact.mockRestore();
    await Promise.all([first.device.settled(), quiet()]);
    browser.goOffline();
    browser.crash(first);
    expect((await opened()).table.cell(EAU, "duree_jours").value).toBe(400);
  });
});

describe("signing out in one tab", () => {
  it("ends the others, erases what the device kept, and calls nothing safe that is gone", async () => {
    const [leaving, other] = [await opened(), await opened()];
    browser.goOffline();
    other.table.setValue(EAU, "duree_jours", 8);
    await quiet();
    expect(other.wouldLose).toBe(false);

    leaving.stop();
    await leaving.device.erase(browser.storage);
    await quiet();

    expect(other.line.state).toEqual({ state: "ended", why: "login" });
    expect(other.device.keeps).toBe(false);
    expect(other.wouldLose).toBe(true);
    browser.crash(leaving);
    browser.crash(other);
    const again = await opened();
    expect(again.hasDocument).toBe(false);
    expect(again.outbox.isEmpty).toBe(true);
  });
});

describe("two people at one machine", () => {
  it("never see each other's table, and find their own unsaved edits when they come back", async () => {
    const lea = await opened();
    browser.goOffline();
    lea.table.setText(EAU, "intitule", "À Léa");
    await quiet();
    browser.crash(lea);

    const nour = await opened(NOUR);
    expect(nour.hasDocument).toBe(false);
    browser.goOnline();
    await until(() => nour.line.state.state === "live");
    nour.table.setValue(EAU, "duree_jours", 8);
    await until(() => nour.isSaved);
    expect(titleOnServer()).not.toBe("À Léa");
    browser.crash(nour);

    const back = await opened();
    await until(() => back.isSaved);

    expect(titleOnServer()).toBe("À Léa");
    expect(daysOnServer()).toBe(8);
  });
});
