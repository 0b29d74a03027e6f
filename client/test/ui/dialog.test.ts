// @vitest-environment happy-dom
import { afterEach, expect, it } from "vitest";
import { confirm } from "../../src/ui/dialog";

afterEach(() => {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
});

const first = () => document.querySelector("dialog [autofocus]")?.textContent;

it("what a person came to do has the focus", () => {
  void confirm("Ajouter 60 lignes ?", "Ajouter", "Ne rien faire");

  expect(first()).toBe("Ajouter");
});

it("an answer that loses something is never the one that Enter gives", () => {
  void confirm("Se déconnecter ?", "Se déconnecter et effacer", "Rester", "danger");

  expect(first()).toBe("Rester");
});
