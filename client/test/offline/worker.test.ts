import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NOBODY, PATIENCE_MS, SHELL } from "../../src/offline/rules";
import { Device } from "../../src/sync/device";

const SITE = "https://tablee.test";
const SCRIPT = "/assets/assets/table-abc.js";

/** What a browser gives a worker, in memory: caches by name, and a network that the test holds. */
class Site {
  readonly caches = new Map<string, Map<string, Response>>();
  readonly storage = new IDBFactory();
  network: (path: string) => Promise<Response> = async (path) => new Response(`network ${path}`);
  readonly #heard = new Map<string, (event: unknown) => void>();

  async start(version: string): Promise<void> {
    vi.resetModules();
    vi.stubGlobal("TABLEE_VERSION", version);
    vi.stubGlobal("TABLEE_FILES", [SCRIPT]);
    vi.stubGlobal(
      "Request",
      class extends Request {
        constructor(address: string | Request, init?: RequestInit) {
          super(typeof address === "string" ? new URL(address, SITE) : address, init);
        }
      },
    );
    vi.stubGlobal("fetch", (request: Request | string) => this.network(pathOf(request)));
    vi.stubGlobal("caches", {
      open: async (name: string) => this.#open(name),
      keys: async () => [...this.caches.keys()],
      delete: async (name: string) => this.caches.delete(name),
    });
    vi.stubGlobal("indexedDB", this.storage);
    vi.stubGlobal("self", {
      location: new URL(SITE),
      clients: { claim: async () => {} },
      skipWaiting: async () => {},
      addEventListener: (type: string, heard: (event: unknown) => void) => this.#heard.set(type, heard),
    });
    await import("../../src/offline/worker");
    await this.#lasting("install");
    await this.#lasting("activate");
  }

  /** What the page is answered; undefined where the worker leaves it to the browser. */
  async asks(path: string, mode: "navigate" | "cors", method = "GET"): Promise<string | undefined> {
    let answer: Promise<Response> | undefined;
    const request = { method, url: SITE + path, mode };
    this.#heard.get("fetch")?.({
      request,
      respondWith: (given: Promise<Response>) => {
        answer = given;
      },
    });
    return (await answer)?.clone().text();
  }

  async #lasting(type: string): Promise<void> {
    let done: Promise<unknown> = Promise.resolve();
    this.#heard.get(type)?.({
      waitUntil: (lasts: Promise<unknown>) => {
        done = lasts;
      },
    });
    await done;
  }

  #open(name: string) {
    const kept = this.caches.get(name) ?? new Map<string, Response>();
    this.caches.set(name, kept);
    return {
      match: async (request: Request | string) => kept.get(pathOf(request))?.clone(),
      addAll: async (requests: readonly (Request | string)[]) => {
        for (const request of requests) {
          const answer = await this.network(pathOf(request));
          if (!answer.ok) throw new TypeError("not kept");
          kept.set(pathOf(request), answer);
        }
      },
    };
  }
}

const pathOf = (request: Request | string | { url: string }): string =>
  new URL(typeof request === "string" ? request : request.url, SITE).pathname;

const nothing = async () => {
  throw new TypeError("no network");
};

let site: Site;

beforeEach(() => {
  site = new Site();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the service worker", () => {
  it("shows the shell and its script where there is no network", async () => {
    await site.start("1");
    site.network = nothing;

    expect(await site.asks("/table", "navigate")).toBe(`network ${SHELL}`);
    expect(await site.asks(SCRIPT, "cors")).toBe(`network ${SCRIPT}`);
  });

  it("shows the server's own page where there is one, and keeps none of it", async () => {
    await site.start("1");
    site.network = async () => new Response("Léa’s page");

    expect(await site.asks("/table", "navigate")).toBe("Léa’s page");
    const kept = [...site.caches.values()].flatMap((cache) => [...cache.keys()]);
    expect(kept.sort()).toEqual([SCRIPT, SHELL].sort());
  });

  it("shows the server's refusals as they are, and the shell for a gate whose server is away", async () => {
    await site.start("1");

    site.network = async () => new Response("no", { status: 403 });
    expect(await site.asks("/table", "navigate")).toBe("no");
    site.network = async () => new Response("bad gateway", { status: 502 });
    expect(await site.asks("/table", "navigate")).toBe(`network ${SHELL}`);
  });

  it("does not let a network that never answers keep the table closed", async () => {
    vi.useFakeTimers();
    await site.start("1");
    site.network = () => new Promise(() => {});

    const asked = site.asks("/table", "navigate");
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);

    expect(await asked).toBe(`network ${SHELL}`);
  });

  it("leaves everything else to the browser", async () => {
    await site.start("1");

    expect(await site.asks("/historique", "navigate")).toBeUndefined();
    expect(await site.asks("/api/v1/tables/formations/history", "cors")).toBeUndefined();
  });

  it("takes the place of an older one with all its files", async () => {
    await site.start("1");
    await site.start("2");

    expect([...site.caches.keys()]).toEqual(["tablee-shell-2"]);
  });

  it("keeps nothing of a build of which one file is missing, and the older one stays", async () => {
    await site.start("1");
    site.network = async (path) => new Response("", { status: path === SHELL ? 500 : 200 });

    await expect(site.start("2")).rejects.toThrow("not kept");

    expect(site.caches.has("tablee-shell-1")).toBe(true);
  });
});

describe("signing out on a page without a script of ours", () => {
  const update = new Uint8Array([0, 0]);
  const word = { what: "set" as const, row: "a", key: "url", value: "x", before: null };

  async function machine(): Promise<{ lea: Device; nour: Device; camille: Device }> {
    const [lea, nour, camille] = await Promise.all(
      [1, 2, 3].map((person) => Device.open(site.storage, person, "formations")),
    );
    if (!lea || !nour || !camille) throw new Error("no device");
    await lea.keepUpdate(1, update);
    await nour.keepEntry({ id: "1/tab/1", at: 1, epoch: 1, intents: [word], update });
    await camille.putAside([{ id: "1/tab/2", at: 1, intent: word, reason: "gone" }]);
    return { lea, nour, camille };
  }

  const names = async () => (await site.storage.databases()).map(({ name }) => name).sort();

  it("erases what the server has too, keeps what only this device has, and leaves nobody here", async () => {
    await site.start("1");
    const { lea } = await machine();

    await site.asks("/deconnexion", "navigate", "POST");

    expect(await names()).toEqual(["tablee:2:formations", "tablee:3:formations"]);
    expect(lea.erased).toBe(true);
    expect(site.caches.has(NOBODY)).toBe(true);
  });

  it("erases nothing where the server did not hear of it", async () => {
    await site.start("1");
    await machine();
    site.network = nothing;
    await expect(site.asks("/deconnexion", "navigate", "POST")).rejects.toThrow("no network");
    site.network = async () => new Response("later", { status: 503 });
    await site.asks("/deconnexion", "navigate", "POST");

    expect((await names()).length).toBe(3);
    expect(site.caches.has(NOBODY)).toBe(false);
  });

  it("and signing in, erases nothing but who was here last", async () => {
    await site.start("1");
    await machine();

    await site.asks("/connexion/abc", "navigate", "POST");

    expect((await names()).length).toBe(3);
    expect(site.caches.has(NOBODY)).toBe(true);
  });
});
