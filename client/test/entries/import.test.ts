// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { buttonFor, follow, keepChoices, parse, prepareUpload } from "../../src/entries/import";

const told = (state: string, done: number) => ({
  state,
  done,
  total: 200,
  known: `${state}-${done}`,
  told: `${done} lignes sur 200`,
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("an answer about progress", () => {
  it("is taken only where all of it is there", () => {
    expect(parse(told("applying", 5))?.done).toBe(5);
    for (const wrong of [null, 7, "x", [], {}, { ...told("a", 1), done: "1" }, { state: "applying" }]) {
      expect(parse(wrong)).toBeNull();
    }
  });
});

describe("a file on its way", () => {
  beforeEach(() => {
    document.body.innerHTML = `<div id="avancement" data-state="/import/p/etat" data-page="/import/p" data-word="applying" data-ended="C’est prêt." data-lost="Coupé">
      <progress max="200" value="0"></progress><p role="status"></p></div>`;
  });

  it("is followed to its end, then its page is opened", async () => {
    const answers = [told("applying", 50), told("applied", 200)];
    const asked: string[] = [];
    const heard: string[] = [];
    vi.stubGlobal("fetch", async (address: URL) => {
      asked.push(address.search);
      heard.push(document.querySelector("[role=status]")?.textContent ?? "");
      return Response.json(answers.shift());
    });
    const waiting = document.querySelector<HTMLElement>("#avancement") as HTMLElement;

    const page = await new Promise<string>((go) => void follow(waiting, go));

    expect(page).toBe("/import/p");
    expect(asked).toEqual(["?vu=", "?vu=applying-50"]);
    expect(heard[1]).toBe("50 lignes sur 200");
    expect(waiting.querySelector("progress")?.value).toBe(50);
    expect(waiting.querySelector("[role=status]")?.textContent).toBe("C’est prêt.");
  });

  it("whose login ended leads to the page that says so", async () => {
    vi.stubGlobal("fetch", async () => new Response("", { status: 401 }));
    const waiting = document.querySelector<HTMLElement>("#avancement") as HTMLElement;

    expect(await new Promise<string>((go) => void follow(waiting, go))).toBe("/import/p");
  });
});

describe("the form of a file", () => {
  it("tells that a file is too large before it is sent", () => {
    document.body.innerHTML = `<form class="upload" data-most="3" data-too-large="Trop gros" data-sending="Envoi…">
      <input type="file"><p class="drop-here" hidden></p><p class="wrong-here"></p><p role="status"></p></form>`;
    const form = document.querySelector("form") as HTMLFormElement;
    const field = form.querySelector("input") as HTMLInputElement;
    prepareUpload(form);
    Object.defineProperty(field, "files", { value: [new File(["four"], "gros.csv")], configurable: true });

    field.dispatchEvent(new Event("change"));
    const sent = form.dispatchEvent(new Event("submit", { cancelable: true }));

    expect(form.querySelector(".wrong-here")?.textContent).toBe("Trop gros");
    expect(sent).toBe(false);
    Object.defineProperty(field, "files", { value: [new File(["ok"], "petit.csv")] });
    field.dispatchEvent(new Event("change"));
    expect(form.dispatchEvent(new Event("submit", { cancelable: true }))).toBe(true);
    expect(form.querySelector(".wrong-here")?.textContent).toBe("");
    expect(form.querySelector("[role=status]")?.textContent).toBe("Envoi…");
  });
});

describe("choices that are not saved", () => {
  const at = (path: string) => new URL(path, "https://tablee.example");

  it("go with whoever looks at another list or step of the same plan", () => {
    const form = at("/import/p1/lignes");
    expect(buttonFor(at("/import/p1?etape=plan&quoi=same"), form)).toBe("liste-same");
    expect(buttonFor(at("/import/p1?etape=appliquer"), form)).toBe("appliquer");
    expect(buttonFor(at("/import/p1?etape=correspondances&onglet=2"), form)).toBe("onglet-2");
    expect(buttonFor(at("/import/p1?etape=correspondances"), form)).toBe("onglet-0");
    expect(buttonFor(at("/import/p1?etape=plan"), form)).toBe("plan");
    expect(buttonFor(at("/import/p2?etape=plan"), form)).toBe("");
    expect(buttonFor(at("/table"), form)).toBe("");
  });

  it("ask before they are left behind, and only where there are any", () => {
    document.body.innerHTML = `<form id="choix" action="/import/p1/lignes"><input type="checkbox" name="l" value="0!2"></form>`;
    const form = document.querySelector("form") as HTMLFormElement;
    keepChoices(form);
    const leaves = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));

    expect(leaves()).toBe(true);
    (form.querySelector("input") as HTMLInputElement).checked = true;
    expect(leaves()).toBe(false);
    form.dispatchEvent(new Event("submit"));
    expect(leaves()).toBe(true);
  });
});
