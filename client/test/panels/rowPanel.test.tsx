// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { loadReader } from "../../src/commands/reader";
import { translator } from "../../src/i18n/t";
import { RowPanel } from "../../src/panels/rowPanel";
import { EAU } from "../model/inventory";
import { drawn, pageOn, press } from "./support/page";

let set: ReturnType<typeof pageOn>;

beforeAll(async () => {
  await loadReader(translator("fr"));
});

beforeEach(async () => {
  set = pageOn();
  set.page.open = { what: "row", row: EAU };
  await drawn(() => render(<RowPanel page={set.page} row={EAU} />, document.body));
});

afterEach(() => {
  render(null, document.body);
  document.body.replaceChildren();
  set.owner.end();
});

const addressField = () => {
  const field = [...document.querySelectorAll("input")].find(({ inputMode }) => inputMode === "url");
  if (field === undefined) throw new Error("there is no field for an address");
  return field;
};

async function write(words: string): Promise<void> {
  await drawn(() => {
    const field = addressField();
    field.focus();
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

const address = () => set.live.table.cell(EAU, "url").value;

const pressEscape = () =>
  drawn(() => {
    const key = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
    addressField().dispatchEvent(key);
  });

it("what is being written in a field survives the panel that is closed", async () => {
  await write("https://neuf.fr");

  press("Fermer la fiche");

  expect(address()).toBe("https://neuf.fr");
  expect(set.page.open).toBeNull();
});

it("Escape gives up what is being written in a field, then closes the panel", async () => {
  const before = address();
  await write("https://neuf.fr");

  await pressEscape();
  expect(addressField().value).toBe(before ?? "");
  expect(set.page.open).not.toBeNull();
  await pressEscape();

  expect(address()).toBe(before);
  expect(set.page.open).toBeNull();
  expect(set.went).toEqual([EAU]);
});

it("what is being written survives the panel that another takes the place of", async () => {
  await write("https://neuf.fr");

  render(null, document.body);

  expect(address()).toBe("https://neuf.fr");
});

it("leads to the history of its row, and back", () => {
  press("Historique");

  expect(set.page.open).toEqual({ what: "history", row: EAU, column: null, fromRow: true });
});
