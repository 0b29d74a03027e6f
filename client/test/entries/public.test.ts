// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { addressOf, show } from "../../src/entries/public";

const page = (ticked: boolean, count: number, found: string) => `
  <a class="site-switch" href="/?lang=en${ticked ? "&type=mooc" : ""}">English</a>
  <form id="form" action="/">
    <input type="search" name="q" value="">
    <details class="facet"><summary>Type${ticked ? " <span class='badge'>1</span>" : ""}</summary>
      <label class="box${count === 0 ? " none" : ""}"><input type="checkbox" name="type" value="mooc"${ticked ? " checked" : ""}>
        <span data-count>${count}</span></label>
    </details>
    <p id="etat">${found}</p>
    <select id="tri" name="tri"><option value="titre">titre</option><option value="recent">récent</option></select>
    <div id="liste">${found}</div>
  </form>`;

let form: HTMLFormElement;

beforeEach(() => {
  document.body.innerHTML = page(false, 7, "107 formations");
  form = document.querySelector("form") as HTMLFormElement;
});

describe("the address of the list", () => {
  it("leaves out what says nothing", () => {
    expect(addressOf(form)).toBe("/");
  });

  it("holds what was typed, ticked and chosen", () => {
    (form.elements.namedItem("q") as HTMLInputElement).value = "eau & co";
    (form.elements.namedItem("type") as HTMLInputElement).checked = true;
    (form.elements.namedItem("tri") as HTMLSelectElement).value = "recent";

    expect(addressOf(form)).toBe("/?q=eau+%26+co&type=mooc&tri=recent");
  });
});

describe("another page of the list", () => {
  it("brings its list, its counts and its number, and leaves the box that was ticked where it is", () => {
    const box = form.elements.namedItem("type") as HTMLInputElement;
    const status = form.querySelector("#etat");
    const other = new DOMParser().parseFromString(page(true, 0, "3 formations"), "text/html");

    expect(show(other, form)).toBe(true);

    expect(form.querySelector("#liste")?.textContent).toBe("3 formations");
    expect(form.querySelector("#etat")).toBe(status);
    expect(status?.textContent).toBe("3 formations");
    expect(form.querySelector("[data-count]")?.textContent).toBe("0");
    expect(form.querySelector(".badge")?.textContent).toBe("1");
    expect(form.elements.namedItem("type")).toBe(box);
    expect(document.querySelector(".site-switch")?.getAttribute("href")).toBe("/?lang=en&type=mooc");
  });

  it("keeps the order in which that page stands, and not the last that can be chosen", () => {
    const orders =
      '<select id="tri"><option value="" selected>pertinence</option><option value="recent">récent</option></select>';
    const html = page(true, 3, "3 formations").replace(/<select.*select>/, orders);

    show(new DOMParser().parseFromString(html, "text/html"), form);

    expect((form.elements.namedItem("tri") as HTMLSelectElement).value).toBe("");
    expect(addressOf(form)).not.toContain("tri=");
  });

  it("is refused when it is not a page of the catalogue", () => {
    const other = new DOMParser().parseFromString("<p>Signed out</p>", "text/html");

    expect(show(other, form)).toBe(false);
    expect(form.querySelector("#liste")?.textContent).toBe("107 formations");
  });
});
