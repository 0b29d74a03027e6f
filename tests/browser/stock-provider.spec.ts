/** A stock `y-websocket` provider with a login cookie is a tab like any other; without one it gets nothing. */

import { expect, test } from "@playwright/test";
import WebSocket from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { Person } from "./support/people.js";
import { Program } from "./support/program.js";
import { signIn } from "./support/sign-in.js";

let program: Program;

test.beforeAll(async () => {
  program = await Program.start();
});
test.afterAll(async () => {
  await program.end();
});

/** The provider takes a class, not headers: this one brings the cookie. */
function socketWith(cookie: string): typeof WebSocket {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols ?? [], { headers: cookie === "" ? {} : { cookie } });
    }
  } as typeof WebSocket;
}

function provider(doc: Y.Doc, cookie: string): WebsocketProvider {
  const address = `${program.url.replace(/^http/, "ws")}/live`;
  return new WebsocketProvider(address, "formations", doc, {
    WebSocketPolyfill: socketWith(cookie) as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
}

test("it joins, edits, and the browser shows it", async ({ browser }) => {
  const lea = await Person.signsIn(browser, program, "Léa", "pilot");
  await lea.opensTheTable(program);
  const doc = new Y.Doc();
  const tab = provider(doc, await signIn(program, "Nour", "member"));
  await new Promise<void>((resolve) => tab.once("sync", () => resolve()));
  const rows = doc.getMap<Y.Map<unknown>>("rows");
  expect(rows.size).toBe(107);

  const title = new Y.Text();
  doc.transact(() => {
    const row = new Y.Map<unknown>();
    rows.set("rangeeduprovider", row);
    row.set("~order", "0");
    row.set("intitule", title);
    title.insert(0, "Offre du fournisseur nu");
  });

  await expect(lea.page.getByText("Offre du fournisseur nu")).toBeVisible();
  title.insert(0, "Belle ");
  await expect(lea.page.getByText("Belle Offre du fournisseur nu")).toBeVisible();
  tab.destroy();
  expect(lea.faults).toEqual([]);
  await lea.leaves();
});

test("it is refused with 4403 and does not come back when it writes what only pilots write", async () => {
  const doc = new Y.Doc();
  const tab = provider(doc, await signIn(program, "Sacha", "member"));
  await new Promise<void>((resolve) => tab.once("sync", () => resolve()));
  const rows = doc.getMap<Y.Map<unknown>>("rows");
  const [row] = rows.keys();
  const closed = new Promise<number>((resolve) => {
    tab.on("connection-close", (event: { code: number } | null) => resolve(event?.code ?? 0));
  });

  rows.get(row ?? "")?.set("etat", "archivee");

  expect(await closed).toBe(4403);
  expect(tab.shouldConnect && tab.wsconnecting).toBe(false);
  tab.destroy();
  const fresh = new Y.Doc();
  const look = provider(fresh, await signIn(program, "Camille", "member"));
  await new Promise<void>((resolve) => look.once("sync", () => resolve()));
  expect(fresh.getMap<Y.Map<unknown>>("rows").get(row ?? "")?.get("etat")).not.toBe("archivee");
  look.destroy();
});

interface Answer {
  status: number;
  bytes: number;
}

/** Knocks at the live door and counts what comes back. */
function knock(headers: Record<string, string>, table = "formations"): Promise<Answer> {
  return new Promise((resolve) => {
    const address = `${program.url.replace(/^http/, "ws")}/live/${table}`;
    const socket = new WebSocket(address, [], { headers });
    let bytes = 0;
    socket.on("message", (message: Buffer) => {
      bytes += message.length;
    });
    socket.on("open", () => {
      socket.once("message", () => {
        resolve({ status: 101, bytes });
        socket.terminate();
      });
    });
    socket.on("unexpected-response", (_, response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, bytes });
    });
    socket.on("error", () => {});
  });
}

test("nobody else gets a byte of the document", async () => {
  const cookie = await signIn(program, "Ines", "member");
  const visitor = await signIn(program, "Visiteuse", "member");
  await program.command("person", "role", "visiteuse@exemple.fr", "visitor");

  expect(await knock({})).toEqual({ status: 401, bytes: 0 });
  expect(await knock({ cookie: "tablee=AAAAAAAAAAAAAAAAAAAAAA" })).toEqual({ status: 401, bytes: 0 });
  expect(await knock({ cookie: visitor })).toEqual({ status: 403, bytes: 0 });
  expect(await knock({ cookie, origin: "https://ailleurs.example" })).toEqual({ status: 403, bytes: 0 });
  expect(await knock({ cookie, origin: "null" })).toEqual({ status: 403, bytes: 0 });
  expect(await knock({ cookie }, "autre")).toEqual({ status: 404, bytes: 0 });
  expect((await knock({ cookie, origin: program.url })).status).toBe(101);
  expect((await knock({ cookie })).status).toBe(101);
});
