import { describe, expect, it } from "vitest";
import { apiOf } from "../../src/panels/api";

interface Asked {
  url: string;
  init: RequestInit;
}

/** A server that gives one answer and remembers what it was asked. */
function server(status: number, body: unknown): { api: ReturnType<typeof apiOf>; asked: Asked[] } {
  const asked: Asked[] = [];
  const ask = async (url: unknown, init?: RequestInit) => {
    asked.push({ url: String(url), init: init ?? {} });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return { api: apiOf("formations", "fr", ask as typeof fetch), asked };
}

const query = { row: "formation0000001", column: null, before: null };

describe("the checks of the server", () => {
  const told = {
    items: [
      { words: "durée", is_met: true, column: "duree_texte" },
      { words: "prérequis", is_met: false, column: null },
    ],
    missing: ["l'organisme", 3],
    warnings: [{ words: "À vérifier.", column: "sessions" }],
    freshness: "Jamais vérifiée",
  };

  it("are asked for one row, and read", async () => {
    const { api, asked } = server(200, told);

    const answer = await api.checks("formation0000001");

    expect(asked.map(({ url }) => url)).toEqual(["/api/v1/tables/formations/rows/formation0000001/checks"]);
    expect(answer).toEqual({
      ok: true,
      value: {
        items: [
          { words: "durée", isMet: true, column: "duree_texte" },
          { words: "prérequis", isMet: false, column: null },
        ],
        missing: ["l'organisme"],
        warnings: [{ words: "À vérifier.", column: "sessions" }],
        freshness: "Jamais vérifiée",
      },
    });
  });

  it("come in the language of the page", async () => {
    const asked: string[] = [];
    const api = apiOf("formations", "en", (async (url: unknown) => {
      asked.push(String(url));
      return new Response(JSON.stringify(told));
    }) as typeof fetch);

    await api.checks("formation0000001");

    expect(asked).toEqual(["/api/v1/tables/formations/rows/formation0000001/checks?lang=en"]);
  });

  it("are broken where a part of them is missing", async () => {
    const { api } = server(200, { ...told, freshness: undefined });

    expect(await api.checks("formation0000001")).toEqual({ ok: false, reason: "broken" });
  });
});

describe("the history of the server", () => {
  it("is asked for a cell, a row, or what is older", async () => {
    const { api, asked } = server(200, { entries: [], next: null });

    await api.history({ ...query, column: "intitule", before: 41 });
    await api.history(query);

    expect(asked.map(({ url }) => url)).toEqual([
      "/api/v1/tables/formations/history?row=formation0000001&limit=30&column=intitule&before=41",
      "/api/v1/tables/formations/history?row=formation0000001&limit=30",
    ]);
  });

  it("is read entry by entry, and what is no entry is left out", async () => {
    const entry = {
      id: 7,
      revision: 12,
      row: "formation0000001",
      title: "Eau",
      key: "themes/eau",
      column: "themes",
      item: "eau",
      before: null,
      after: true,
      by: { id: 3, name: "Léa" },
      origin: "import",
      import: 4,
      began_at: 1,
      at: 2,
      lost: true,
    };
    const left = { ...entry, by: { id: 5, name: null } };
    const { api } = server(200, {
      entries: [entry, { id: "?" }, null, { ...entry, by: null }, left],
      next: 7,
    });

    const answer = await api.history(query);

    expect(answer.ok && answer.value.next).toBe(7);
    expect(answer.ok && answer.value.entries.map(({ person, by }) => [person, by])).toEqual([
      [3, "Léa"],
      [null, null],
      [5, null],
    ]);
    expect(answer.ok && answer.value.entries[0]).toMatchObject({
      key: "themes/eau",
      importId: 4,
      lost: true,
    });
  });

  it.each([
    [401, "signed-out"],
    [403, "forbidden"],
    [404, "gone"],
    [429, "busy"],
    [503, "busy"],
    [500, "broken"],
  ])("with status %i says what can be done: %s", async (status, problem) => {
    const answer = await server(status, { error: { key: "x", message: "y" } }).api.history(query);

    expect(answer).toEqual({ ok: false, reason: problem });
  });

  it("is broken, not offline, where a page comes instead of it", async () => {
    expect(await server(200, "<html>Portail</html>").api.history(query)).toEqual({
      ok: false,
      reason: "broken",
    });
    expect(await server(200, { other: 1 }).api.history(query)).toEqual({ ok: false, reason: "broken" });
  });

  it("is offline without a network", async () => {
    const api = apiOf("formations", "fr", () => Promise.reject(new TypeError("Failed to fetch")));

    expect(await api.history(query)).toEqual({ ok: false, reason: "offline" });
  });
});

describe("a restore by the server", () => {
  it("is tried before it is done", async () => {
    const { api, asked } = server(200, {
      revision: 90,
      cells: 12,
      rows: 1,
      kept: [{ row: "r", key: "url" }],
    });

    const answer = await api.restore({ what: "row", row: "r", revision: 41 }, true);

    expect(asked[0]?.init.method).toBe("POST");
    expect(JSON.parse(String(asked[0]?.init.body))).toEqual({
      what: "row",
      row: "r",
      revision: 41,
      dry_run: true,
    });
    expect(answer).toEqual({
      ok: true,
      value: { revision: 90, cells: 12, rows: 1, kept: [{ row: "r", title: "", key: "url" }] },
    });
  });
});
