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
  await program?.end();
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

/** The code with which the provider's socket will be closed. */
function closing(tab: WebsocketProvider): Promise<number> {
  return new Promise((resolve) => {
    tab.on("connection-close", (event: { code: number } | null) => resolve(event?.code ?? 0));
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
  const closed = closing(tab);

  rows.get(row ?? "")?.set("etat", "archivee");

  expect(await closed).toBe(4403);
  expect(tab.shouldConnect && tab.wsconnecting).toBe(false);
  tab.destroy();
  const fresh = new Y.Doc();
  const look = provider(fresh, await signIn(program, "Camille", "member"));
  await new Promise<void>((resolve) => look.once("sync", () => resolve()));
  expect(
    fresh
      .getMap<Y.Map<unknown>>("rows")
      .get(row ?? "")
      ?.get("etat"),
  ).not.toBe("archivee");
  look.destroy();
});

interface Answer {
  readonly status: number;
  /** Bytes that came through the socket. */
  readonly bytes: number;
}

/** Knocks at the live door and counts what comes back. */
function knock(url: string, headers: Record<string, string>, table = "formations"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/live/${table}`, [], { headers });
    let bytes = 0;
    let body = "";
    socket.on("message", (message: Buffer) => {
      bytes += message.length;
      resolve({ status: 101, bytes });
      socket.terminate();
    });
    socket.on("unexpected-response", (_, response) => {
      response.on("data", (part: Buffer) => {
        body += part.toString();
      });
      response.on("end", () => {
        if (/intitule|Intitulé|Offre/.test(body)) reject(new Error(`a refusal that tells: ${body}`));
        else resolve({ status: response.statusCode ?? 0, bytes });
      });
    });
    // Refusals are errors of the socket, too: the response has said which.
    socket.on("error", () => {});
  });
}

const refused = (status: number): Answer => ({ status, bytes: 0 });

test("without a login it is 401, from a foreign page 403, and not a byte of the document was sent", async () => {
  const { url } = program;
  const cookie = await signIn(program, "Ines", "member");
  const left = await signIn(program, "Ancienne", "member");
  await program.command("person", "remove", "ancienne@exemple.fr");

  expect(await knock(url, {})).toEqual(refused(401));
  expect(await knock(url, { origin: url })).toEqual(refused(401));
  expect(await knock(url, { cookie: "tablee=AAAAAAAAAAAAAAAAAAAAAA" })).toEqual(refused(401));
  // Whoever was removed is signed out.
  expect(await knock(url, { cookie: left })).toEqual(refused(401));
  for (const origin of [
    "https://ailleurs.example",
    "null",
    url.replace("127.0.0.1", "localhost"),
    `${url}0`,
  ]) {
    expect(await knock(url, { cookie, origin }), origin).toEqual(refused(403));
  }
  expect(await knock(url, { cookie }, "autre")).toEqual(refused(404));
  for (const origin of [undefined, url]) {
    const headers: Record<string, string> = origin === undefined ? { cookie } : { cookie, origin };
    const answer = await knock(url, headers);
    expect(answer.status).toBe(101);
    expect(answer.bytes).toBeGreaterThan(0);
  }
});

test("a visitor with a login gets 403 and not a byte, and the table that everybody reads", async () => {
  const cookie = await signIn(program, "Visiteuse", "member");
  expect((await knock(program.url, { cookie })).status).toBe(101);

  await program.command("person", "role", "visiteuse@exemple.fr", "visitor");

  expect(await knock(program.url, { cookie })).toEqual(refused(403));
  const table = await (await fetch(`${program.url}/table`, { headers: { cookie } })).text();
  expect(table).not.toContain('id="table"');
  expect(table).toContain("<caption");
});

test("its socket ends with 4401 when its person is removed", async () => {
  const doc = new Y.Doc();
  const tab = provider(doc, await signIn(program, "Partante", "member"));
  await new Promise<void>((resolve) => tab.once("sync", () => resolve()));
  const closed = closing(tab);

  await program.command("person", "remove", "partante@exemple.fr");

  expect(await closed).toBe(4401);
  tab.destroy();
});
