// @vitest-environment happy-dom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Drafts, forgetSent } from "../../src/propose/draft";
import { keepDraft, type Page, placeOf } from "../../src/propose/keeping";
import { addLine } from "../../src/propose/lines";
import { sayIn } from "../../src/propose/texts";
import { button, control, put, Shelf, type } from "./support";

const NOVEMBER = new Date(2026, 10, 21, 14, 5).getTime();

let shelf: Shelf;
let clock: number;
const drafts = (form = "/proposer") => new Drafts(shelf, form, () => clock);

/** A page of the form, as a person opens it. */
function open(key: string, form = put()): { page: Page; draft: ReturnType<typeof keepDraft> } {
  const say = sayIn("fr");
  const page: Page = {
    form,
    key,
    drafts: drafts(),
    say,
    now: () => clock,
    addLine: (field) => addLine(field, say),
    refilled: () => {},
  };
  return { page, draft: keepDraft(page) };
}

const found = () => document.querySelector<HTMLElement>(".draft-found");
const offers = (words: RegExp) =>
  [...document.querySelectorAll<HTMLButtonElement>("button")].find(
    (it) => words.test(it.textContent ?? "") && it.closest("[hidden]") === null,
  );

beforeEach(() => {
  vi.useFakeTimers();
  shelf = new Shelf();
  clock = NOVEMBER;
});

describe("a draft", () => {
  it("is kept from the first key, and nothing that nobody typed is in it", () => {
    open("k1");

    type("intitule", "A");
    vi.advanceTimersByTime(200);

    expect(drafts().of("k1")?.pairs).toEqual([["intitule", "A"]]);
    expect([...shelf.kept.values()].join()).not.toContain("secret-token");
  });

  it("is not made of a form that was only looked at", () => {
    const { draft } = open("k1");

    draft.flush();

    expect(shelf.kept.size).toBe(0);
  });

  it("is written before the page goes, however fast", () => {
    open("k1");

    type("intitule", "Animer");
    window.dispatchEvent(new Event("pagehide"));

    expect(drafts().of("k1")?.pairs).toEqual([["intitule", "Animer"]]);
  });

  it("comes back after a reload, when asked for, with its lines and its boxes", () => {
    open("k1");
    type("intitule", "Animer");
    control("themes").querySelectorAll("input")[1]?.click();
    type("tarifs-1", "300 €");
    addLine(control("tarifs").closest(".field") as HTMLElement, sayIn("fr"));
    type("tarifs-2", "500 €");
    vi.advanceTimersByTime(200);

    const { page } = open("k2");
    expect(control("intitule").value).toBe("");
    expect(page.form.querySelector("details")?.open).toBe(false);
    expect(found()?.textContent).toContain("21/11 à 14\u00a0h\u00a005");
    offers(/Reprendre/)?.click();

    expect(control("intitule").value).toBe("Animer");
    expect(page.form.querySelector<HTMLInputElement>("[value=design]")?.checked).toBe(true);
    expect([control("tarifs-1").value, control("tarifs-2").value]).toEqual(["300 €", "500 €"]);
    expect(page.form.querySelector("details")?.open).toBe(true);
    expect(found()).toBeNull();
    expect(
      drafts()
        .all()
        .map(({ key }) => key),
    ).toEqual(["k2"]);
  });

  it("that was not taken up is not written over by another one", () => {
    open("k1");
    type("intitule", "La première");
    vi.advanceTimersByTime(200);

    open("k2");
    type("intitule", "La seconde");
    vi.advanceTimersByTime(200);

    expect(
      drafts()
        .all()
        .map(({ pairs }) => pairs),
    ).toEqual([[["intitule", "La seconde"]], [["intitule", "La première"]]]);
  });

  it("is erased from the device when asked, and leaving the page does not bring it back", () => {
    open("k1");
    type("intitule", "Animer");
    vi.advanceTimersByTime(200);

    offers(/Effacer/)?.click();
    window.dispatchEvent(new Event("pagehide"));

    expect(shelf.kept.size).toBe(0);
    expect(control("intitule").value).toBe("Animer");
    expect(document.activeElement?.textContent).toContain("effacé");
  });

  it("is one form's alone: another offer has its own", () => {
    drafts("/proposer?corriger=r1").keep("k1", [["intitule", "A"]]);

    expect(drafts("/proposer?corriger=r2").all()).toEqual([]);
    expect(placeOf(put("", '<input type="hidden" name="corriger" value="r1">'))).toBe(
      "/proposer?corriger=r1",
    );
  });

  it("forgets who sent it once it was sent, and all of it once the answer came", () => {
    drafts().keep("k1", [
      ["intitule", "Animer"],
      ["vous-courriel", "lea@exemple.fr"],
      ["vous-nom", "Léa"],
    ]);

    drafts().sent("k1");
    expect(drafts().of("k1")?.pairs).toEqual([["intitule", "Animer"]]);
    expect([...shelf.kept.values()].join()).not.toContain("lea@");
    forgetSent(shelf, "k1", () => clock);

    expect(shelf.kept.size).toBe(0);
  });

  it("that was sent without an answer is offered as one that may be gone already", () => {
    drafts().keep("k1", [["intitule", "Animer"]]);
    drafts().sent("k1");

    open("k2");

    expect(found()?.textContent).toContain("peut-être déjà partie");
  });

  it("of a page that the server shows again gives back what was hidden, and nothing else", () => {
    drafts().keep("k1", [
      ["intitule", "Ancien"],
      ["tarifs", "300 €"],
    ]);
    const form = put();
    (control("tarifs").closest(".field") as HTMLElement).hidden = true;
    control("intitule").value = "Du serveur";

    open("k1", form);

    expect(control("intitule").value).toBe("Du serveur");
    expect(control("tarifs-1").value).toBe("300 €");
    expect(found()).toBeNull();
  });

  it("is not promised on a device that keeps nothing", () => {
    shelf.isFull = true;
    const { draft } = open("k1");

    type("intitule", "Animer");
    vi.advanceTimersByTime(200);

    expect(draft.isKept()).toBe(false);
    expect(document.querySelector(".draft")?.textContent).toContain("ne garde pas");
  });

  it("is forgotten after two months, and rubbish on the device is none", () => {
    drafts().keep("k1", [["intitule", "A"]]);
    clock += 61 * 86_400_000;
    expect(drafts().all()).toEqual([]);

    for (const rubbish of ["{", "7", "null", '[{"key":1}]', '[{"key":"a","at":1,"pairs":[[1,2]]}]']) {
      shelf.kept.set("tablee.proposer:/proposer", rubbish);
      expect(drafts().all()).toEqual([]);
    }
  });

  it("offers nothing where the form says the same already", () => {
    drafts().keep("k1", [["intitule", "A"]]);
    const form = put();
    control("intitule").value = "A";

    open("k2", form);

    expect(found()).toBeNull();
    expect(button("envoyer")).not.toBeNull();
  });
});
