// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { BoundText } from "../../src/panels/boundText";
import { EAU, Pair } from "../model/inventory";

let pair: Pair;
let field: HTMLTextAreaElement;
let bound: BoundText;
let refusals: string[];

beforeEach(() => {
  pair = new Pair();
  field = document.createElement("textarea");
  document.body.replaceChildren(field);
  refusals = [];
  bound = new BoundText(field, {
    table: pair.lea,
    row: EAU,
    column: "intitule",
    refused: (reason) => refusals.push(reason),
    moved: () => {},
  });
});

function type(text: string): void {
  field.value = text;
  field.dispatchEvent(new Event("input"));
}

const answered = () => new Promise((resolve) => setTimeout(resolve));
const titleOf = (table: Pair["lea"]) => table.cell(EAU, "intitule").value;

describe("a field of a shared text", () => {
  it("shows the text before it is opened, and what others write in it", () => {
    expect(field.value).toBe("Eau et débat");

    pair.nour.setText(EAU, "intitule", "Eau et grand débat");
    pair.meet();

    expect(field.value).toBe("Eau et grand débat");
  });

  it("writes letters as they are typed, and takes those of others beside them", async () => {
    field.focus();
    await answered();
    pair.meet();
    type("L’eau et débat");
    pair.nour.setText(EAU, "intitule", "Eau et débat public");
    pair.meet();

    expect(field.value).toBe("L’eau et débat public");
    expect(titleOf(pair.nour)).toBe("L’eau et débat public");
  });

  it("leaves a word that is being composed alone, and catches up after it", async () => {
    field.focus();
    await answered();
    pair.meet();
    field.dispatchEvent(new Event("compositionstart"));
    type("Eau et débat ê");
    pair.nour.setText(EAU, "intitule", "L’eau et débat");
    pair.meet();
    expect(field.value).toBe("Eau et débat ê");

    field.dispatchEvent(new Event("compositionend"));
    pair.meet();

    expect(field.value).toContain("L’eau et débat");
    expect(titleOf(pair.nour)).toBe(field.value);
    expect(field.value).toContain("ê");
  });

  it("loses no letter typed before the text was there, even when it is left before", async () => {
    let made: () => void = () => {};
    pair.lea.askForText = () => new Promise((resolve) => (made = resolve));
    field.focus();
    type("Eau et débat, vite");
    bound.end();
    made();
    await answered();

    expect(titleOf(pair.lea)).toBe("Eau et débat, vite");
  });

  it("says why it may not be written, and keeps the words to be copied", async () => {
    const { TextRefused } = await import("../../src/model/table");
    pair.lea.askForText = () => Promise.reject(new TextRefused("not-own-row"));
    field.focus();
    type("Mes mots");
    await answered();

    expect(refusals).toEqual(["not-own-row"]);
    expect(field.readOnly).toBe(true);
    expect(field.value).toBe("Mes mots");
  });
});
