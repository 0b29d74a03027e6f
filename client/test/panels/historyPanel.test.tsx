// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HistoryPanel } from "../../src/panels/historyPanel";
import { EAU } from "../model/inventory";
import { buttons, drawn, entry, pageOn, press, SOON } from "./support/page";

let set: ReturnType<typeof pageOn>;

beforeEach(() => {
  set = pageOn();
});

afterEach(() => {
  vi.useRealTimers();
  render(null, document.body);
  document.body.replaceChildren();
  set.owner.end();
});

async function open(column: string | null, fromRow = false): Promise<void> {
  const history = { what: "history", row: EAU, column, fromRow } as const;
  set.page.open = history;
  await drawn(() => render(<HistoryPanel page={set.page} open={history} />, document.body));
}

const words = () => document.body.textContent ?? "";
const status = () => document.querySelector(".history-state, .notice[role=status]")?.textContent;
const titleNow = () => set.live.table.cell(EAU, "intitule").value;
const key = (name: string, more: KeyboardEventInit = {}) =>
  document
    .querySelector("aside")
    ?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));

describe("the history of a cell", () => {
  it("tells somebody who left from the program, and from others who left", async () => {
    set.api.says(
      entry({ before: "Eau", after: "Eau et débat", person: 5, by: null }),
      entry({ before: "E", after: "Eau", person: 6, by: null }),
    );

    await open("intitule");

    const heads = [...document.querySelectorAll(".deed-head b")].map((name) => name.textContent);
    expect(heads).toEqual(["Ancien membre", "Ancien membre", "Au départ"]);
  });

  it("takes the focus, and says how many changes there are", async () => {
    set.api.says(
      entry({ before: "Eau", after: "Eau et débat" }),
      entry({ before: null, after: "Eau", person: null, by: null, origin: "command" }),
    );

    await open("intitule");

    expect(document.activeElement?.id).toBe("history-title");
    expect(status()).toBe("2 modifications");
    expect(set.api.queries).toEqual([{ row: EAU, column: "intitule", before: null }]);
    expect(words()).toContain("Le programme");
    expect(words()).toContain("par une commande de l’administration");
    expect(document.querySelector("time")?.title).toContain("2001");
  });

  it("shows what changed, word by word, in words that are heard too", async () => {
    set.api.says(entry({ before: "Eau et débat", after: "Eau et grand débat" }));

    await open("intitule");

    expect(document.querySelector("ins")?.textContent).toBe(" ajouté\u00a0: grand ");
    expect(document.querySelector("del")).toBeNull();
  });

  it("writes a value of the past again as an edit of today, which Ctrl+Z takes back", async () => {
    set.api.says(entry({ before: "Eau", after: "L’eau vive" }));
    await open("intitule");

    press("Rétablir cette valeur");
    await drawn();
    expect(titleNow()).toBe("L’eau vive");
    expect(document.querySelector(".history-said")?.textContent).toBe(
      "Valeur rétablie\u00a0: L’eau vive. Ctrl+Z revient dessus.",
    );
    expect((document.activeElement as HTMLElement).className).toBe("deed");

    key("z", { ctrlKey: true });

    expect(titleNow()).toBe("Eau et débat");
  });

  it("offers the value before the one that stands, and the one at the start", async () => {
    set.api.says(entry({ before: "Eau", after: "Eau et débat" }));

    await open("intitule");

    expect(words()).toContain("Valeur actuelle");
    expect(buttons("Rétablir la valeur d’avant")).toHaveLength(1);
    expect(words()).toContain("Au départEau");
  });

  it("marks what was written and never stood", async () => {
    set.api.says(entry({ before: "Eau et débat", after: "Autre chose", lost: true }));
    await open("intitule");

    expect(words()).toContain("Cette valeur n’a pas été retenue");
    press("Rétablir cette valeur");

    expect(titleNow()).toBe("Autre chose");
  });

  it("offers nothing to write to who may not", async () => {
    set.owner.end();
    set = pageOn("member");
    set.api.says(entry({ key: "etat", before: "brouillon", after: "publiee" }));

    await open("etat");

    expect(words()).toContain("publiee");
    expect(buttons(/Rétablir/)).toEqual([]);
  });

  it("restores one option of several and leaves the others", async () => {
    set.api.says(
      entry({ key: "themes/debat", before: true, after: null }),
      entry({ key: "themes/debat", after: true }),
    );
    await open("themes");

    press("Rétablir cette valeur");

    expect(set.live.table.cell(EAU, "themes").value).toEqual({ eau: true, debat: true });
  });

  it("gives the keyboard back to the cell it came from", async () => {
    set.api.says();
    await open("themes");

    key("Escape");

    expect(set.page.open).toBeNull();
    expect(set.went).toEqual([`${EAU} themes`]);
  });

  it("asks again once what was done here is saved", async () => {
    set.api.says(entry({ before: "Eau", after: "Eau et débat" }));
    await open("intitule");
    vi.useFakeTimers();
    set.live.isSaved = false;
    set.live.table.setText(EAU, "intitule", "Eau et grand débat");
    vi.advanceTimersByTime(60_000);
    expect(set.api.queries).toHaveLength(1);

    set.live.isSaved = true;
    set.live.changes.emit();
    vi.advanceTimersByTime(500);

    expect(set.api.queries).toHaveLength(2);
  });
});

describe("the history that does not come", () => {
  it.each([
    ["offline", "Hors ligne"],
    ["signed-out", "reconnectez-vous"],
    ["forbidden", "réservé aux membres"],
    ["gone", "pas enregistrée"],
    ["busy", "très occupé"],
    ["broken", "prévenez un pilote"],
  ] as const)("says what to do when it is %s", async (reason, said) => {
    set.api.pages = [{ ok: false, reason }];

    await open("intitule");

    expect(status()).toContain(said);
    expect(buttons("Réessayer")).toHaveLength(reason === "signed-out" ? 0 : 1);
  });

  it("comes by itself when the network is back", async () => {
    set.api.pages = [{ ok: false, reason: "offline" }];
    set.live.line = { state: { state: "offline" } };
    await open("intitule");

    set.api.says(entry({ before: "Eau", after: "Eau et débat" }));
    set.live.line = { state: { state: "live" } };
    set.live.changes.emit();

    await vi.waitFor(() => expect(status()).toBe("1 modification"), SOON);
  });

  it("says so where nothing ever changed", async () => {
    set.api.says();

    await open("intitule");

    expect(status()).toContain("Rien n’a changé ici");
  });
});

describe("the history of a row", () => {
  it("tells as one thing what one person did in one go, and goes back to the panel of the row", async () => {
    const at = 1_000_000_000_000;
    set.api.says(
      entry({ key: "url", after: "https://a.fr", at }),
      entry({ key: "etat", before: "brouillon", after: "publiee", at: at - 60_000 }),
      entry({ key: "~deleted", before: { at: 1 }, after: null, by: "Léa", at: at - 120_000 }),
      entry({ key: "", after: true, by: "Léa", at: at - 130_000 }),
    );

    await open(null, true);

    expect(document.querySelectorAll(".deed")).toHaveLength(2);
    expect(words()).toContain("Ligne sortie de la corbeille");
    expect(words()).toContain("Ligne ajoutée");
    press("Revenir à la fiche");
    expect(set.page.open).toEqual({ what: "row", row: EAU });
  });

  it("asks for older ones where there are more, once", async () => {
    const [first, second] = [entry({ before: "b", after: "c" }), entry({ before: "a", after: "b" })];
    set.api.pages = [
      { ok: true, value: { entries: [first], next: first.id } },
      { ok: true, value: { entries: [second], next: null } },
    ];
    await open(null);
    expect(status()).toBe("La dernière modification");

    press("Voir les plus anciennes");
    await drawn();

    expect(set.api.queries.at(-1)?.before).toBe(first.id);
    expect(status()).toBe("2 modifications");
    expect(buttons("Voir les plus anciennes")).toEqual([]);
  });

  it("is restored by pilots only, after the counts were shown", async () => {
    const [newer, older] = [entry({ after: "b" }), entry({ after: "a", key: "url" })];
    set.api.says(newer, older);
    set.api.restored = {
      ok: true,
      value: { revision: 77, cells: 12, rows: 1, kept: [{ row: EAU, title: "", key: "url" }] },
    };
    await open(null);
    press("Rétablir la ligne à ce moment");
    await drawn();

    const dialog = document.querySelector("dialog");
    expect(dialog?.textContent).toContain("12 cellules changeront dans «\u00a0Eau et débat\u00a0»");
    expect(dialog?.textContent).toContain("1 cellule restera telle quelle\u00a0: url.");
    expect(set.api.restores).toEqual([{ what: "row", row: EAU, revision: older.revision, dryRun: true }]);
    dialog?.close("no");
    await drawn();
    expect(set.api.restores).toHaveLength(1);

    press("Rétablir la ligne à ce moment");
    await drawn();
    document.querySelector("dialog")?.close("yes");
    await drawn();
    expect(set.api.restores.at(-1)?.dryRun).toBe(false);
    await vi.waitFor(
      () => expect(document.querySelector(".toast")?.textContent).toBe("Rétabli\u00a0: 12 cellules.Annuler"),
      SOON,
    );

    press("Annuler");
    await drawn();

    expect(set.api.restores.at(-1)).toEqual({ what: "take-back", from: 77, to: 77, dryRun: false });
  });

  it("is not offered to members whole", async () => {
    set.owner.end();
    set = pageOn("member");
    set.api.says(entry({ after: "b" }), entry({ after: "a", key: "url" }));

    await open(null);

    expect(buttons("Rétablir la ligne à ce moment")).toEqual([]);
    expect(buttons("Rétablir cette valeur").length).toBeGreaterThan(0);
  });
});
