// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { loadReader } from "../../src/commands/reader";
import { translator } from "../../src/i18n/t";
import type { Checks } from "../../src/panels/api";
import { RowPanel } from "../../src/panels/rowPanel";
import { EAU } from "../model/inventory";
import { drawn, pageOn, press, SOON } from "./support/page";

const TOLD: Checks = {
  items: [
    { words: "durée", isMet: true, column: "duree_texte" },
    { words: "page", isMet: false, column: "url" },
    { words: "accessibilité", isMet: false, column: "retiree" },
  ],
  missing: ["l’organisme"],
  warnings: [{ words: "Vérifiez l’adresse.", column: "url" }],
  freshness: "Jamais vérifiée",
};

let set: ReturnType<typeof pageOn>;

beforeAll(async () => {
  await loadReader(translator("fr"));
});

beforeEach(() => {
  set = pageOn();
  set.page.open = { what: "row", row: EAU };
  set.api.checked = { ok: true, value: TOLD };
});

afterEach(() => {
  render(null, document.body);
  document.body.replaceChildren();
  set.owner.end();
});

const show = () => drawn(() => render(<RowPanel page={set.page} row={EAU} />, document.body));
const fold = () => document.querySelector<HTMLDetailsElement>("details.checks");
const said = () => fold()?.textContent ?? "";
const soon = (words: string) => vi.waitFor(() => expect(said()).toContain(words), SOON);

it("tells on one line how much is there, and the rest once it is opened", async () => {
  await show();
  await soon("1 sur 3, 1 point à regarder");

  expect(fold()?.open).toBe(false);
  expect(fold()?.querySelector("summary")?.textContent).not.toContain("durée");
  expect(said()).toContain("durée (indiqué)");
  expect(said()).toContain("accessibilité (à compléter)");
  expect(said()).toContain("l’organisme.");
  expect(said()).toContain("Jamais vérifiée");
});

it("leads from what lacks to the field that says it, and only where there is one", async () => {
  await show();
  await soon("à compléter");

  press("page");

  const field = document.activeElement?.closest<HTMLElement>("[data-column]");
  expect(field?.dataset.column).toBe("url");
  expect([...(fold()?.querySelectorAll("li button") ?? [])].map((button) => button.textContent)).toEqual([
    "Vérifiez l’adresse.",
    "page",
  ]);
});

it("asks again once a cell of the row is written and saved", async () => {
  await show();
  await soon("Jamais vérifiée");
  set.live.isSaved = false;
  set.api.checked = { ok: true, value: { ...TOLD, freshness: "Vérifiée récemment" } };

  set.live.table.setValue(EAU, "url", "https://neuf.fr");
  set.live.isSaved = true;
  set.live.changes.emit();

  await soon("Vérifiée récemment");
  expect(new Set(set.api.checkedRows)).toEqual(new Set([EAU]));
});

it("says that it waits for the network, keeps what was known, and comes back with the line", async () => {
  set.api.checked = { ok: false, reason: "offline" };
  set.live.line.state.state = "waiting";
  await show();
  await soon("Hors ligne");

  set.api.checked = { ok: true, value: TOLD };
  set.live.line.state.state = "live";
  set.live.changes.emit();
  await soon("1 sur 3");

  set.api.checked = { ok: false, reason: "busy" };
  set.live.table.setValue(EAU, "url", "https://neuf.fr");
  await soon("très occupé");
  expect(said()).toContain("1 sur 3");
});

it("is asked again by a button after a failure, which a login that ended has not", async () => {
  set.api.checked = { ok: false, reason: "broken" };
  await show();
  await soon("n’ont pas pu être lues");

  set.api.checked = { ok: false, reason: "signed-out" };
  press("Réessayer");

  await soon("reconnectez-vous");
  expect(said()).not.toContain("Réessayer");
});
