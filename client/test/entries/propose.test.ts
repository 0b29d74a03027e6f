// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { wake } from "../../src/entries/propose";
import { button, control, put, Shelf, type } from "../propose/support";

let shelf: Shelf;

beforeEach(() => {
  shelf = new Shelf();
  vi.stubGlobal("localStorage", shelf);
  vi.stubGlobal("fetch", async () => new Response("ok"));
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((over) => setTimeout(over));
};

it("a form that is sent leaves a draft without its author until the answer comes", async () => {
  const form = put();
  form.addEventListener("submit", (event) => event.preventDefault());
  wake(form);
  type("intitule", "Animer");
  type("vous-courriel", "lea@exemple.fr");

  button("envoyer").click();
  await settled();

  const kept = [...shelf.kept.values()].join();
  expect(kept).toContain("Animer");
  expect(kept).not.toContain("lea@exemple.fr");
});

it("a line that is taken away is taken away from the draft, and prices of what is free are hidden", async () => {
  const form = put();
  wake(form);
  type("tarifs-1", "300 €");
  control("tarif_type").value = "gratuit";
  control("tarif_type").dispatchEvent(new Event("change", { bubbles: true }));
  expect(control("tarifs").closest<HTMLElement>(".field")?.hidden).toBe(true);
  control("tarif_type").value = "";
  control("tarif_type").dispatchEvent(new Event("change", { bubbles: true }));

  form.querySelector<HTMLButtonElement>(".remove")?.click();
  window.dispatchEvent(new Event("pagehide"));

  expect(control("tarifs-1").value).toBe("");
  expect([...shelf.kept.values()].join()).not.toContain("300");
});

it("a form without a shelf works all the same", () => {
  vi.stubGlobal("localStorage", undefined);
  const form = put();

  wake(form);
  type("intitule", "Animer");

  expect(control("intitule").value).toBe("Animer");
});
