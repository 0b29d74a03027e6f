// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
// Loaded on demand in the page: here before any test, so that none waits for it.
import "../../src/panels/asked";
import { openAbsence, openOvertaken } from "../../src/panels/differences";
import { Matters } from "../../src/panels/matters";
import { hearNews } from "../../src/panels/news";
import { forgetRefused, openRefused, proposeRefused } from "../../src/panels/refused";
import { openWentBack } from "../../src/panels/wentBack";
import type { Aside } from "../../src/sync/outbox";
import { DEBAT, EAU } from "../model/inventory";
import { buttons, drawn, pageOn, press, SOON } from "./support/page";

const ASIDES: readonly Aside[] = [
  {
    id: "1",
    at: 1,
    reason: "pilots-only",
    intent: { what: "set", row: EAU, key: "etat", value: "publiee", before: null },
  },
  {
    id: "2",
    at: 2,
    reason: "not-own-row",
    intent: { what: "text", row: DEBAT, column: "intitule", from: "Débattre", to: "Débattre bien" },
  },
];

let set: ReturnType<typeof pageOn>;

beforeEach(() => {
  set = pageOn();
});

afterEach(() => {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  render(null, document.body);
  document.body.replaceChildren();
  set.owner.end();
});

const show = () => drawn(() => render(<Matters page={set.page} />, document.body));
const dialog = () => document.querySelector("dialog");
const said = () => document.querySelector("[role=status]")?.textContent;

async function answer(value: string): Promise<void> {
  dialog()?.close(value);
  await drawn();
}

describe("what waits for an answer", () => {
  it("says nothing and takes no room where nothing does", async () => {
    await show();

    expect(said()).toBe("");
    expect(document.querySelector<HTMLElement>(".matters")?.hidden).toBe(true);
  });

  it("offers the three ways for what was refused, and asks once", async () => {
    set.live.outbox.asides = ASIDES;
    await show();

    expect(said()).toBe("2 modifications non autorisées\u00a0: les proposer aux pilotes\u202f?");
    expect(buttons(/./).map((button) => button.textContent)).toEqual([
      "2 modifications non autorisées\u00a0: les proposer aux pilotes\u202f?",
      "Proposer aux pilotes",
      "Garder de côté",
      "Oublier",
    ]);
    await drawn(() => void press("Garder de côté"));

    expect(said()).toBe("");
    expect(set.live.outbox.asides).toHaveLength(2);
    expect(set.live.asked).toEqual([]);
  });

  it("asks again when something more is refused", async () => {
    set.live.outbox.asides = ASIDES.slice(0, 1);
    set.page.keepAside(["1"]);
    set.live.outbox.asides = ASIDES;

    await show();

    expect(said()).toContain("1 modification non autorisée");
  });

  it("tells of an absence, and leaves all as it is where one wants that", async () => {
    set.live.absence = [{ row: EAU, column: "url", key: "url", mine: "a", theirs: "b", now: "b" }];
    await show();

    expect(said()).toContain("Pendant votre absence, 1 cellule");
    await drawn(() => void press("Laisser ainsi"));

    expect(set.live.asked).toEqual(["dismiss"]);
  });
});

describe("what was refused", () => {
  it("goes to the pilots, and says how much went", async () => {
    set.live.outbox.asides = ASIDES;

    await proposeRefused(set.page, ["1", "2"]);

    expect(set.live.asked).toEqual([["suggest", ["1", "2"]]]);
    await vi.waitFor(
      () => expect(document.body.textContent).toContain("2 modifications proposées aux pilotes."),
      SOON,
    );
  });

  it.each([
    ["offline", "Hors ligne"],
    ["login", "Reconnectez-vous"],
    ["refused", "Copiez-les"],
  ] as const)("stays aside when it cannot go (%s), and says what to do", async (failed, words) => {
    set.live.outbox.asides = ASIDES;
    set.live.answer = { stored: 0, failed };

    expect(await proposeRefused(set.page, ["1", "2"])).toBe(false);

    expect(set.live.outbox.asides).toHaveLength(2);
    await vi.waitFor(() => expect(document.querySelector(".toast-warn")?.textContent).toContain(words), SOON);
  });

  it("is never forgotten without a question, whose answer by Enter keeps it", async () => {
    set.live.outbox.asides = ASIDES;

    const asking = forgetRefused(set.page, ["1"]);
    expect(dialog()?.querySelector("[autofocus]")?.textContent).toBe("Garder de côté");
    await answer("no");
    expect(await asking).toBe(false);
    expect(set.live.outbox.asides).toHaveLength(2);

    const again = forgetRefused(set.page, ["1"]);
    await answer("yes");
    expect(await again).toBe(true);
    expect(set.live.outbox.asides.map(({ id }) => id)).toEqual(["2"]);
  });

  it("is shown in the person's words, with the reason, and goes one by one or together", async () => {
    set.live.outbox.asides = ASIDES;
    void openRefused(set.page);

    const [first, second] = [...document.querySelectorAll(".aside")];
    expect(first?.textContent).toContain("publiee");
    expect(first?.textContent).toContain("réservé aux pilotes");
    expect(second?.textContent).toContain("Débattre bien");
    expect(dialog()?.querySelector("[autofocus]")?.textContent).toBe("Proposer aux pilotes");

    await drawn(() => void press("La proposer", first));
    expect(document.querySelectorAll(".aside")).toHaveLength(1);
    expect(document.activeElement?.closest(".aside")).toBe(second);
    await answer("propose");

    expect(set.live.asked).toEqual([
      ["suggest", ["1"]],
      ["suggest", ["2"]],
    ]);
  });
});

describe("what others wrote over mine", () => {
  const overtaken = { row: EAU, column: "url", key: "url", mine: "https://a.fr", theirs: "https://b.fr" };

  it("is told once for what happened together, with a way to see it", async () => {
    hearNews(set.page, set.owner);

    set.live.overtaken.emit({ ...overtaken, by: "Émile" });
    await vi.waitFor(
      () =>
        expect(document.querySelector(".toast-warn")?.textContent).toContain("remplacée par celle d’Émile."),
      SOON,
    );
    for (const column of ["url", "duree_jours"]) set.live.overtaken.emit({ ...overtaken, column, by: null });
    await vi.waitFor(() => expect(document.querySelectorAll(".toast-warn")).toHaveLength(2), SOON);

    expect(document.querySelectorAll(".toast-warn")[1]?.textContent).toContain("2 de vos modifications");
    expect(buttons("Voir")).toHaveLength(2);
  });

  it("is shown with both values, and mine can be taken back", async () => {
    void openOvertaken(set.page, [{ ...overtaken, by: "Nour" }]);

    const words = [...document.querySelectorAll("dt, dd")].map((line) => line.textContent);
    expect(words).toEqual(["La vôtre", "https://a.fr", "Celle de Nour", "https://b.fr"]);
    press("Reprendre la mienne");

    expect(set.live.asked).toMatchObject([["take", { row: EAU, key: "url", mine: "https://a.fr" }]]);
    expect(document.activeElement?.textContent).toBe("La vôtre est dans la table.");
  });

  it("during an absence is shown with what stands; closing says it was seen, Escape does not", async () => {
    set.live.absence = [
      {
        row: EAU,
        column: "intitule",
        key: "intitule",
        mine: "Eau vive",
        theirs: "Eau grise",
        now: "Eau vive grise",
      },
      { row: DEBAT, column: "", key: "~deleted", mine: null, theirs: { at: 1 }, now: { at: 1 } },
    ];
    const looking = openAbsence(set.page);

    expect(dialog()?.textContent).toContain("Les deux réunies, dans la tableEau vive grise");
    expect(dialog()?.textContent).toContain("dans la corbeille");
    dialog()?.close();
    await looking;
    expect(set.live.asked).toEqual([]);

    const again = openAbsence(set.page);
    dialog()?.close("close");
    await again;
    expect(set.live.asked).toEqual(["dismiss"]);
  });
});

describe("news of others", () => {
  it("are polite, name who did it, and are not told to who did it", async () => {
    hearNews(set.page, set.owner);

    set.page.expectOwnNotice();
    set.live.notices.emit({ type: "notice", key: "restored", by: "Léa", cells: 9 });
    set.live.notices.emit({ type: "notice", key: "restored", by: "Nour", cells: 4 });
    set.live.notices.emit({ type: "notice", key: "imported", cells: 1_200 });
    set.live.notices.emit({ type: "notice", key: "unheard-of", by: "Nour", cells: 4 });

    await vi.waitFor(() => expect(document.querySelectorAll(".toast")).toHaveLength(2), SOON);
    expect([...document.querySelectorAll(".toast")].map(({ textContent }) => textContent)).toEqual([
      "Nour a rétabli 4 cellules.",
      "Quelqu’un a importé un fichier\u00a0: 1\u202f200 cellules ont changé.",
    ]);
    expect(document.querySelector(".toasts")?.getAttribute("aria-live")).toBe("polite");
  });
});

describe("a server that went back", () => {
  it.each(["keep-mine", "keep-server"] as const)(
    "is answered by a choice (%s), and by nothing else",
    async (choice) => {
      set.live.wentBack = { cells: [{ row: EAU, column: "url", key: "url", mine: "a", theirs: null }] };
      const undecided = openWentBack(set.page);
      expect(dialog()?.textContent).toContain("Sur cet appareila");
      expect(dialog()?.querySelector("[autofocus]")?.textContent).toBe("Décider plus tard");
      dialog()?.close("later");
      await undecided;
      expect(set.live.asked).toEqual([]);

      const decided = openWentBack(set.page);
      dialog()?.close(choice);
      await decided;

      expect(set.live.asked).toEqual([choice]);
    },
  );
});
