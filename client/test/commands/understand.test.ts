import { beforeEach, describe, expect, it } from "vitest";
import { lineOf } from "../../src/commands/saying";
import { copyCell, write, writeBeside } from "../../src/commands/understanding";
import { en } from "../../src/i18n/en";
import { loadAskedTexts, translator } from "../../src/i18n/t";
import type { CellRef, Column } from "../../src/model/types";
import { itemsIn } from "../../src/reading/reading";
import { wordsOf } from "../../src/view/words";
import { FakeTable } from "../grid/support/fakeTable";
import { cases, columnOf, columns as known } from "../reading/cases";

const columns: readonly Column[] = known.map((column) => ({
  ...column,
  label: column.label,
  required: false,
  help: { fr: "", en: "" },
  order: 0,
  section: "",
  public: true,
  shown: true,
  curated: false,
  archived: false,
}));
const t = translator("fr");
let table: FakeTable;
let told: string[];
const at = (column: string): CellRef => ({ row: "r0", column });
const cell = (column: string) => table.cell("r0", column);
const shown = (column: string) => wordsOf(cell(column), table.column(column) as Column, "fr");
const items = (column: string) => itemsIn(cell(column).value);
const typed = (column: string, words: string) => ({ ref: at(column), words, from: cell(column).value });
const hand = () => ({ table, t, notice: (words: string) => told.push(plain(words)) });
const types = (column: string, words: string) => write(hand(), typed(column, words));
/** With ordinary spaces. */
const plain = (words: string) => words.replace(/\u00a0|\u202f/g, " ");
const line = (column: string, words: string, say = t) =>
  plain(lineOf(say, table, typed(column, words))?.words ?? "");

beforeEach(async () => {
  await loadAskedTexts("fr");
  table = new FakeTable(columns, [{ intitule: "Concerter" }]);
  told = [];
});

describe("before words are written, one reads what they will be", () => {
  it.each([
    ["duree_jours", "2,5 j", "2,5 j → 2,5 jours"],
    ["duree_heures", "7h", "7h → 7 heures"],
    [
      "duree_jours",
      "1 jour (7 heures)",
      "1 jour (7 heures) → 1 jour · aussi : Durée en heures (7 heures), Durée (1 jour (7 heures))",
    ],
    [
      "date_echeance",
      "12/3/25",
      "12/3/25 → 12 mars 2025 · cette date se lit de deux façons : vos mots sont gardés",
    ],
    [
      "date_echeance",
      "mars-25",
      "mars-25 → mars 2025 · cette date se lit de deux façons : vos mots sont gardés",
    ],
    ["date_echeance", "28 septembre", "Année inconnue : rien n’est rempli, vos mots sont gardés"],
    [
      "duree_jours",
      "de 2 à 6 jours",
      "Une fourchette, sans moyenne : rien n’est rempli, vos mots sont gardés",
    ],
    ["effectif_max", "NC", "Ce signe ne dit rien : la cellule sera vide"],
    ["contact_tel", "06.12.34.56.78", "06.12.34.56.78 → 06 12 34 56 78"],
    ["modalite", "visio", "visio → distanciel (synchrone)"],
    ["booleen", "X", "X → oui"],
    ["lieux", "Grenoble (38)", "Grenoble (38) → Grenoble (38)"],
    [
      "sessions",
      "du 12 au 14 mars 2025, Lyon",
      "du 12 au 14 mars 2025, Lyon → du 12 mars 2025 au 14 mars 2025, Lyon",
    ],
    ["sessions", "25 mars de 9h30 à 17h30", "Année inconnue : rien n’est rempli, vos mots sont gardés"],
    [
      "siret",
      "73282932000075",
      "73282932000075 → 73282932000075 · la clé de contrôle est fausse : vos mots sont gardés",
    ],
  ])("%s: %s", (column, words, said) => {
    expect(line(column, words)).toBe(said);
  });

  it("in English too, with the unit and the months of English", () => {
    const say = translator("en", en);

    expect(line("duree_jours", "2,5 j", say)).toBe("2,5 j → 2.5 days");
    expect(line("date_echeance", "12/3/25", say)).toMatch(/^12\/3\/25 → 12 March 2025 · this date/);
  });

  it("says of a price from which amount it starts, and where else the words go", () => {
    expect(line("tarifs", "À partir de 600 € HT")).toBe(
      "À partir de 600 € HT → 600 € HT, à partir de · aussi : Type de tarif (payant), Tarif (À partir de 600 € HT)",
    );
  });

  it("does not say again what is long and stands right above", () => {
    const words = "du 12 au 14 mars 2025 à Lyon ; du 3 au 5 juin 2025 à Paris";

    expect(line("sessions", words)?.startsWith("→ du 12 mars 2025 au 14 mars 2025")).toBe(true);
  });

  it("says of a text only what goes into the cells beside it", () => {
    expect(line("intitule", "2,5 j")).toBe("");
    expect(line("rythme", "2,5 jours")).toBe("");
    expect(line("duree_texte", "4 jours soit 28h")).toBe(
      "Sera aussi rempli : Durée en heures (28 heures), Durée en jours (4 jours)",
    );
    expect(line("tarif_texte", "1200 € (employeur) et 300 € (particulier)")).toBe(
      "Sera aussi rempli : Tarifs détaillés (1200 € (employeur) ; 300 € (particulier)), Type de tarif (payant)",
    );
    expect(line("tarif_texte", "sur devis")).toBe("Sera aussi rempli : Type de tarif (sur devis)");
    expect(line("duree_texte", "6 mois")).toBe("");
    expect(line("duree_texte", "14:00")).toBe("");
  });
});

describe("what is written", () => {
  it("is the value, one step of undo, and what the words say of other columns", () => {
    types("duree_jours", "1 jour (7 heures)");

    expect([cell("duree_jours").value, cell("duree_heures").value]).toEqual([1, 7]);
    expect(cell("duree_texte").value).toBe("1 jour (7 heures)");
    expect(told).toEqual(["Aussi rempli : Durée en heures (7 heures), Durée (1 jour (7 heures))."]);
    table.undo();
    expect([cell("duree_jours").value, cell("duree_heures").value]).toEqual([null, null]);
    expect(cell("duree_texte").value ?? "").toBe("");
    expect(table.canUndo()).toBe(false);
  });

  it("of a text fills the empty cells beside it", () => {
    table.setValue("r0", "duree_jours", 5);
    table.endStep();

    table.setText("r0", "duree_texte", "4 jours soit 28h");
    writeBeside(hand(), typed("duree_texte", "4 jours soit 28h"));

    expect([cell("duree_jours").value, cell("duree_heures").value]).toEqual([5, 28]);
    expect(told).toEqual(["Aussi rempli : Durée en heures (28 heures)."]);
    table.undo();
    expect([cell("duree_texte").value, cell("duree_heures").value]).toEqual([null, null]);
  });

  it("never goes over what stands in another cell, nor where one may not write", () => {
    table.setValue("r0", "duree_heures", 14);
    table.setText("r0", "duree_texte", "sur mesure");
    table.locked.add("cadre");

    types("duree_jours", "1 jour (7 heures), sur mesure");

    expect([cell("duree_jours").value, cell("duree_heures").value]).toEqual([1, 14]);
    expect(cell("duree_texte").value).toBe("sur mesure");
    expect(cell("duree_jours").said).toBe("1 jour (7 heures), sur mesure");
    expect(cell("cadre").value).toBeNull();
  });

  it("keeps words that are not understood with the cell, and the value they were written over goes", () => {
    table.setValue("r0", "duree_jours", 2);

    types("duree_jours", "6 mois");

    expect(cell("duree_jours")).toEqual({ value: null, said: "6 mois" });
    expect(told).toHaveLength(1);
    table.undo();
    expect(cell("duree_jours").value).toBe(2);
  });

  it("of words that say no more than the value keeps the value alone", () => {
    types("duree_jours", "environ 3");
    expect(cell("duree_jours").value).toBe(3);

    types("duree_jours", "3");

    expect(cell("duree_jours")).toEqual({ value: 3, said: null });
  });

  it("is nothing where nothing was written: never a zero", () => {
    types("duree_jours", "2");
    types("duree_jours", "  ");

    expect(cell("duree_jours")).toEqual({ value: null, said: null });
  });

  it("of prices, sessions and places is items of their own", () => {
    types("lieux", "Roubaix ; Lens");
    const [roubaix] = Object.keys(cell("lieux").value as object);

    types("lieux", "Roubaix ; Lens ; Lille");

    expect(items("lieux")).toEqual([{ commune: "Roubaix" }, { commune: "Lens" }, { commune: "Lille" }]);
    expect(Object.keys(cell("lieux").value as object)).toContain(roubaix);
    expect(shown("lieux")).toBe("Roubaix ; Lens ; Lille");
  });

  it("of a list that cannot be read is its words, which are flagged; nothing is guessed", () => {
    types("sessions", "12 mars 2025");

    types("sessions", "28 et 29 septembre");

    expect(cell("sessions")).toEqual({ value: null, said: "28 et 29 septembre" });
    table.undo();
    expect(items("sessions")).toHaveLength(1);
  });

  it("of a cell that is filled from another column is read as that of its own", () => {
    table.setText("r0", "rythme", "Lyon ; visio");

    copyCell(table, at("rythme"), at("lieux"), "fr");

    expect(items("lieux")).toEqual([{ commune: "Lyon" }, { en_ligne: true }]);
    table.setValue("r0", "lieux", null);
    expect(cell("lieux")).toMatchObject({ value: null });
  });

  it("goes into the column of words beside it only where that is empty, or says the same", () => {
    types("tarifs", "600 €");
    expect(cell("tarif_texte").value).toBe("600 €");

    types("tarifs", "700 €");
    expect(cell("tarif_texte").value).toBe("700 €");

    table.setText("r0", "tarif_texte", "700 €, repas compris");
    types("tarifs", "800 €");
    expect(cell("tarif_texte").value).toBe("700 €, repas compris");
    expect(cell("tarifs").said).toBe("800 €");
  });
});

describe("each reading of the fixtures", () => {
  const lists = cases.filter(
    (it) => ["price", "session", "place"].includes(it.file) && it.wanted.value !== null,
  );

  it.each(lists)("$place comes back from what the cell shows, with the ids of its items", (it) => {
    const column = columnOf(it)?.id ?? "";
    types(column, it.words);
    const { value } = cell(column);
    expect(itemsIn(value)).toEqual(it.wanted.value);

    types(column, shown(column));

    expect(cell(column).value).toEqual(value);
  });
});
