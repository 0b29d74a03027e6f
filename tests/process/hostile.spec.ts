/** What a hostile tab sends is refused through the real socket, leaves no trace, and the server goes on serving. */

import { expect, test } from "@playwright/test";
import * as Y from "yjs";
import { Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { Tab } from "../browser/support/tab.js";
import { syncFrame as update } from "../support/forge.js";

let program: Program;
let member: string;
let pilot: string;

test.beforeAll(async () => {
  program = await Program.start({ firstImport: null });
  member = await signIn(program, "Nour", "member");
  pilot = await signIn(program, "Léa", "pilot");
  const tab = await enter(pilot);
  tab.doc.transact(() => {
    for (const name of ["a", "b", "c"]) {
      const row = new Y.Map<unknown>();
      tab.rows.set(`row${name}`, row);
      row.set("~order", name);
      row.set("intitule", new Y.Text(`Offre ${name}`));
      row.set("duree_heures", 7);
      row.set("niveau", "initiation");
      row.set("etat", "publiee");
    }
  });
  await tab.allSaved();
  expect(tab.closed).toBeNull();
  tab.leaves();
});
test.afterAll(async () => {
  await program.end();
});

async function enter(cookie: string): Promise<Tab> {
  const tab = new Tab(program.url, cookie);
  await tab.ready();
  return tab;
}

/** The whole document as the server gives it to somebody who has nothing. */
async function state(): Promise<string> {
  const tab = await enter(pilot);
  const bytes = Y.encodeStateAsUpdate(tab.doc);
  const rows = JSON.stringify(tab.rows.toJSON());
  tab.leaves();
  return `${Buffer.from(bytes).toString("hex")} ${rows}`;
}

/** An honest document of a tab, edited, as the update it would send. */
async function edited(work: (tab: { doc: Y.Doc; rows: Y.Map<Y.Map<unknown>> }) => void): Promise<Uint8Array> {
  const tab = await enter(member);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(tab.doc));
  tab.leaves();
  const before = Y.encodeStateVector(doc);
  work({ doc, rows: doc.getMap("rows") });
  return Y.encodeStateAsUpdate(doc, before);
}

test("a frame past the limit is closed with 4413 and others are served", async () => {
  const tab = await enter(member);

  tab.sendRaw(update(new Uint8Array(256 * 1024 + 1)));
  await tab.until(() => tab.closed !== null);

  expect(tab.closed?.code).toBe(4413);
  expect(await state()).toContain("Offre a");
});

test("nobody writes as somebody else: the victim's next clock is refused, the victim's edit stays", async () => {
  const victim = await enter(pilot);
  victim.rows.get("rowc")?.set("niveau", "expert");
  await victim.allSaved();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(victim.doc));
  doc.clientID = victim.doc.clientID;
  const vector = Y.encodeStateVector(doc);
  doc.getMap<Y.Map<unknown>>("rows").get("rowc")?.set("niveau", "approfondissement");
  const forged = Y.encodeStateAsUpdate(doc, vector);
  const tab = await enter(member);

  tab.sendRaw(update(forged));
  await tab.until(() => tab.closed !== null);
  victim.rows.get("rowc")?.set("niveau", "initiation");
  await victim.allSaved();

  expect(tab.said.find((says) => says.type === "refused")).toMatchObject({ reason: "foreign-writer" });
  const look = await enter(member);
  expect(look.rows.get("rowc")?.get("niveau")).toBe("initiation");
  look.leaves();
  victim.leaves();
});

test("step 2 passes through the same gate as updates", async () => {
  const before = await state();
  const bytes = await edited(({ rows }) => rows.get("rowa")?.set("etat", "archivee"));
  const tab = await enter(member);

  tab.sendRaw(update(bytes, 1));
  await tab.until(() => tab.closed !== null);

  expect(tab.closed?.code).toBe(4403);
  expect(await state()).toBe(before);
});

test("an update whose past is missing is asked for, not kept: the whole then passes", async () => {
  const tab = await enter(member);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(tab.doc));
  const updates: Uint8Array[] = [];
  doc.on("update", (bytes: Uint8Array) => updates.push(bytes));
  const row = doc.getMap<Y.Map<unknown>>("rows").get("rowb");
  row?.set("duree_heures", 14);
  row?.set("duree_heures", 21);
  const asked = tab.sent;

  tab.sendRaw(update(updates[1] ?? new Uint8Array()));
  await tab.until(() => tab.sent > asked || tab.closed !== null);
  tab.sendRaw(update(Y.encodeStateAsUpdate(doc), 1));
  const look = await enter(pilot);
  await look.until(() => look.rows.get("rowb")?.get("duree_heures") === 21);

  expect(tab.closed).toBeNull();
  look.leaves();
  tab.leaves();
});
