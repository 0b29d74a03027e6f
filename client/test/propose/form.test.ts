// @vitest-environment happy-dom
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lookForAlike, parse } from "../../src/propose/alike";
import { apply, rulesOf } from "../../src/propose/conditions";
import { openAround, openFilled } from "../../src/propose/folds";
import { follow, prepare } from "../../src/propose/lines";
import { lineOf, readAlong } from "../../src/propose/readAlong";
import { answers, send } from "../../src/propose/sending";
import { sha256 } from "../../src/propose/sha256";
import { sayIn, timeIn, whenIn } from "../../src/propose/texts";
import { reader } from "../../src/propose/understand";
import { solve, zerosOf } from "../../src/propose/work";
import { button, control, put, type } from "./support";

const say = sayIn("fr");
const settled = () => new Promise((over) => setTimeout(over));

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("a question that the other answers do not call for", () => {
  it("is hidden and not sent; what was typed into it comes back with it", () => {
    const form = put();
    const rules = rulesOf(form);
    control("tarifs-1").value = "300 €";

    control("tarif_type").value = "gratuit";
    apply(form, rules);
    const field = control("tarifs").closest<HTMLElement>(".field");
    expect(field?.hidden).toBe(true);
    expect(new FormData(form).getAll("tarifs")).toEqual([]);
    control("tarif_type").value = "payant";
    apply(form, rules);

    expect(field?.hidden).toBe(false);
    expect(new FormData(form).getAll("tarifs")).toEqual(["300 €"]);
  });

  it("is asked all the same where its rule cannot be read", () => {
    const form = put();
    const field = control("tarifs").closest<HTMLElement>(".field") as HTMLElement;
    for (const rule of ["{", '{"nope":1}', ""]) {
      field.dataset.if = rule;
      control("tarif_type").value = "gratuit";

      apply(form, rulesOf(form));

      expect(field.hidden).toBe(false);
    }
  });
});

describe("optional questions behind a line", () => {
  const fold = (form: HTMLElement) => form.querySelector("details") as HTMLDetailsElement;

  it("are opened where words stand in them, and around what somebody goes to", () => {
    const form = put();

    openFilled(form);
    openAround(control("intitule"));
    expect(fold(form).open).toBe(false);
    openAround(control("tarifs-1"));
    expect(fold(form).open).toBe(true);
    fold(form).open = false;
    control("tarifs-1").value = "300 €";
    openFilled(form);

    expect(fold(form).open).toBe(true);
  });

  it("take their line with them when none of them is asked", () => {
    const form = put();
    for (const field of fold(form).querySelectorAll(".field")) {
      field.setAttribute("data-if", '{"filled":"type"}');
    }
    const rules = rulesOf(form);

    apply(form, rules);
    expect(fold(form).hidden).toBe(true);
    control("type").value = "mooc";
    apply(form, rules);

    expect(fold(form).hidden).toBe(false);
  });
});

describe("lines", () => {
  it("come and go without asking the server, and the hand follows", () => {
    const form = put();
    const told: string[] = [];
    prepare(form, say);
    follow(form, say, (_, words) => told.push(words));

    control("tarifs-1").value = "300 €";
    button("ajouter-tarifs").click();
    expect(document.activeElement).toBe(control("tarifs-2"));
    expect(control("tarifs-2").getAttribute("aria-label")).toBe("Tarifs, ligne 2");
    expect(control("tarifs-2").value).toBe("");
    control("tarifs-2").value = "500 €";
    const remove = form.querySelectorAll<HTMLButtonElement>(".remove");
    expect(remove[1]?.getAttribute("aria-label")).toBe("Retirer la ligne 2");
    remove[0]?.click();

    expect(new FormData(form).getAll("tarifs")).toEqual(["500 €"]);
    expect(document.activeElement).toBe(control("tarifs-1"));
    expect(told).toEqual(["", "La ligne 1 est retirée."]);
    form.querySelector<HTMLButtonElement>(".remove")?.click();
    expect(new FormData(form).getAll("tarifs")).toEqual([""]);
  });

  it("stop where a cell is full, and that is said", () => {
    const form = put();
    const told: string[] = [];
    prepare(form, say);
    follow(form, say, (_, words) => told.push(words));

    for (let press = 0; press < 50; press += 1) button("ajouter-tarifs").click();

    expect(form.querySelectorAll(".items li")).toHaveLength(50);
    expect(told.at(-1)).toBe("Pas plus de 50 lignes.");
  });
});

describe("what was understood while one types", () => {
  it("is told where it says something else than what was typed", async () => {
    const read = await reader("fr");
    const line = (column: string, kind: string, ...lines: string[]) =>
      lineOf(say, lines, read({ column, kind: kind as "url" }, lines));

    expect(line("duree_texte", "text", "2,5 j")).toBe("Compris\u00a0: 2,5 jours");
    expect(line("duree_heures", "duration", "18h30")).toContain("18,5");
    expect(line("contact_tel", "phone", "0612345678")).toContain("06 12 34 56 78");
    expect(line("lieux", "places", "Grenoble (38)")).toBe("");
    expect(line("code_rncp", "code", "rncp 36315")).toBe("Compris\u00a0: RNCP36315");
    expect(line("sessions", "sessions", "quand il fera beau")).toMatch(/^Gardé en toutes lettres \(.+\)$/);
    expect(line("url", "url", "orage")).toContain("ce n’est pas une adresse web");
  });

  it("is told in English on an English page", async () => {
    const read = await reader("en");

    expect(lineOf(sayIn("en"), ["orage"], read({ column: "url", kind: "url" }, ["orage"]))).toMatch(
      /^Kept in your own words \(.+\)$/,
    );
  });

  it("appears under the answer once the hand rests, and goes when the answer goes", async () => {
    vi.useFakeTimers();
    const form = put();
    const read = await reader("fr");
    let loads = 0;
    readAlong(form, say, async () => {
      loads += 1;
      return read;
    });

    type("duree_texte", "2,5");
    type("duree_texte", "2,5 j");
    await vi.advanceTimersByTimeAsync(400);
    const line = document.getElementById("duree_texte-lu");
    expect(line?.textContent).toBe("Compris\u00a0: 2,5 jours");
    expect(line?.getAttribute("aria-live")).toBe("polite");
    expect(line?.classList.contains("unsure")).toBe(false);
    type("duree_texte", "");
    await vi.advanceTimersByTimeAsync(400);

    expect(line?.textContent).toBe("");
    expect(loads).toBe(1);
    type("intitule", "2,5 j");
    await vi.advanceTimersByTimeAsync(400);
    expect(document.getElementById("intitule-lu")).toBeNull();
  });

  it("is asked for again where it could not be fetched, and the form goes on without", async () => {
    vi.useFakeTimers();
    const form = put();
    const read = await reader("fr");
    const answers = [() => Promise.reject(new Error("offline")), () => Promise.resolve(read)];
    readAlong(form, say, () => (answers.shift() as () => Promise<typeof read>)());

    type("duree_texte", "2,5 j");
    await vi.advanceTimersByTimeAsync(400);
    expect(document.getElementById("duree_texte-lu")).toBeNull();
    type("duree_texte", "3 j");
    await vi.advanceTimersByTimeAsync(400);

    expect(document.getElementById("duree_texte-lu")?.textContent).toContain("3 jours");
  });
});

describe("offers that are there already", () => {
  const offer = {
    row: "r1",
    title: "Susciter la <b>participation</b>",
    provider: "L’Orage",
    href: "/formations/susciter-r1",
    correct: "/proposer?corriger=r1",
    why: ["même titre"],
    score: 0.9,
  };

  it("are shown under the title once the hand rests, and can be completed with what was typed", async () => {
    vi.useFakeTimers();
    const form = put();
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      return Response.json({ offers: [offer] });
    });
    lookForAlike(form, "/api/v1/tables/formations/duplicates", say);

    type("intitule", "Susciter");
    type("intitule", "Susciter la participation");
    await vi.advanceTimersByTimeAsync(399);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);

    expect(asked).toEqual([
      "/api/v1/tables/formations/duplicates?intitule=Susciter+la+participation&organisme=&url=",
    ]);
    const region = form.querySelector(".alike");
    expect(region?.previousElementSibling).toBe(control("intitule").closest(".field"));
    expect(region?.textContent).toContain("1 offre proche existe déjà");
    expect(region?.querySelector("b")).toBeNull();
    expect(button("completer-r1").type).toBe("submit");
    type("intitule", "");
    await vi.advanceTimersByTimeAsync(400);
    expect(region?.textContent).toBe("");
  });

  it("of an answer that came late are not shown over those of a later one", async () => {
    vi.useFakeTimers();
    const form = put();
    const waiting: ((answer: Response) => void)[] = [];
    vi.stubGlobal("fetch", () => new Promise<Response>((answer) => void waiting.push(answer)));
    lookForAlike(form, "/look", say);

    type("intitule", "Première");
    await vi.advanceTimersByTimeAsync(400);
    type("intitule", "Deuxième");
    await vi.advanceTimersByTimeAsync(400);
    waiting[1]?.(Response.json({ offers: [] }));
    waiting[0]?.(Response.json({ offers: [offer] }));
    await vi.advanceTimersByTimeAsync(1);

    expect(form.querySelector(".alike")?.textContent).toBe("");
  });

  it("are left out where the server says something else, or nothing", async () => {
    vi.useFakeTimers();
    const form = put();
    vi.stubGlobal("fetch", async () => new Response("", { status: 429 }));
    lookForAlike(form, "/look", say);

    type("url", "https://orage.fr");
    await vi.advanceTimersByTimeAsync(400);

    expect(form.querySelector(".alike")?.textContent ?? "").toBe("");
    for (const wrong of [null, 7, {}, { offers: {} }, { offers: [{}] }, { offers: [{ ...offer, title: 1 }] }])
      expect(parse(wrong)).toBeNull();
  });
});

describe("sending", () => {
  interface Told {
    there: boolean;
    readonly left: boolean[];
    readonly sent: string[];
  }

  function prepared(proof: Promise<string> | null = null): Told {
    const form = put();
    const told: Told = { there: true, left: [], sent: [] };
    send({
      form,
      say,
      isThere: async () => told.there,
      proof,
      leaving: (isLast) => told.left.push(isLast),
      isKept: () => true,
    });
    // The last listener: what comes here unprevented would leave the page.
    form.addEventListener("submit", (event) => {
      if (!event.defaultPrevented) {
        told.sent.push(event.submitter?.getAttribute("value") ?? "");
        event.preventDefault();
      }
    });
    return told;
  }

  it("goes its way where the server answers, by the button that was pressed", async () => {
    const told = prepared();

    button("envoyer").click();
    await settled();

    expect(told).toMatchObject({ left: [true], sent: ["envoyer"] });
  });

  it("stays where it does not, says so, and tries again when asked", async () => {
    const told = prepared();
    told.there = false;
    type("intitule", "Animer");

    button("envoyer").click();
    await settled();
    const away = document.querySelector(".away");
    expect(away?.textContent).toContain("rien n’est perdu");
    expect(told.sent).toEqual([]);
    expect(control("intitule").value).toBe("Animer");
    expect(document.activeElement?.textContent).toBe("Réessayer");
    told.there = true;
    (document.activeElement as HTMLElement).click();
    await settled();

    expect(told.sent).toEqual(["envoyer"]);
    expect(document.querySelector(".away")).toBeNull();
  });

  it("is one sending, however often the button is pressed", async () => {
    const told = prepared();

    button("envoyer").click();
    button("envoyer").click();
    await settled();

    expect(told.sent).toEqual(["envoyer"]);
  });

  it("waits for the work that the server asked for, and hands it over", async () => {
    const told = prepared(Promise.resolve("4711"));

    button("envoyer").click();
    await settled();

    expect(told.sent).toEqual(["envoyer"]);
    expect(document.querySelector<HTMLInputElement>("[name=preuve]")?.value).toBe("4711");
  });

  it("takes a server that is away, or behind one that is, for away", async () => {
    for (const status of [502, 503, 504]) {
      vi.stubGlobal("fetch", async () => new Response("", { status }));
      expect(await answers("/health/live")).toBe(false);
    }
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("network")));
    expect(await answers("/health/live")).toBe(false);
    vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
    expect(await answers("/health/live")).toBe(true);
  });
});

describe("the work of a suspicious sender's machine", () => {
  const hex = (hash: Int32Array) =>
    [...hash].map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

  it("is the hash that everybody knows, for texts of any length", () => {
    for (let length = 0; length < 200; length += 7) {
      const text = "é".repeat(length);
      expect(hex(sha256(new TextEncoder().encode(text)))).toBe(
        createHash("sha256").update(text).digest("hex"),
      );
    }
  });

  it("finds what the server accepts, and lets the page breathe", async () => {
    let clock = 0;
    let rests = 0;
    const word = await solve(
      "0af3.seal",
      10,
      () => {
        clock += 5;
        return clock;
      },
      async () => {
        rests += 1;
      },
    );

    const digest = createHash("sha256").update(`0af3.seal:${word}`).digest();
    expect(digest.readUInt32BE(0)).toBeLessThan(2 ** 22);
    expect(rests).toBeGreaterThan(0);
  });

  it("counts zeros bit by bit", () => {
    expect(zerosOf(Int32Array.of(0, 0x00100000))).toBe(43);
    expect(zerosOf(Int32Array.of(-1))).toBe(0);
  });
});

describe("days and hours", () => {
  const at = new Date(2026, 10, 21, 14, 5).getTime();

  it("are those of the reader's language", () => {
    expect(whenIn(say, at, at)).toBe("21/11 à 14\u00a0h\u00a005");
    expect(timeIn(sayIn("en"), at)).toBe("14:05");
    expect(whenIn(say, at, new Date(2027, 1, 1).getTime())).toContain("2026");
  });
});

beforeEach(() => {
  document.body.innerHTML = "";
});
