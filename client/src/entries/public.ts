/**
 * Comfort for the catalogue: ticking a box or choosing an order shows the list at once, without losing the place.
 *
 * Nothing here is needed: without this file the buttons of the form do the same. The server's page for the new
 * address is asked, its list put in place of the old one, and how many were found is announced.
 */

const WIDE = "(min-width: 60rem)";

/** The address that a browser would go to if it sent the form, without what says nothing. */
export function addressOf(form: HTMLFormElement): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") pairs.append(name, value);
  }
  const usual = form.querySelector<HTMLOptionElement>("#tri option");
  if (pairs.get("tri") === usual?.value) pairs.delete("tri");
  const query = pairs.toString();
  const path = form.getAttribute("action") ?? "/";
  return query === "" ? path : `${path}?${query}`;
}

/** Takes the list, the counts and the title of another page of the catalogue. */
export function show(page: Document, form: HTMLFormElement): boolean {
  const list = page.querySelector("#liste");
  const found = page.querySelector("#etat")?.textContent ?? "";
  if (list === null) return false;
  form.querySelector("#liste")?.replaceWith(document.adoptNode(list));
  for (const box of page.querySelectorAll<HTMLInputElement>(".box input")) {
    const selector = `.box input[name="${CSS.escape(box.name)}"][value="${CSS.escape(box.value)}"]`;
    const label = form.querySelector(selector)?.closest(".box");
    const told = box.closest(".box");
    if (!label || !told) continue;
    label.className = told.className;
    label
      .querySelector("[data-count]")
      ?.replaceChildren(told.querySelector("[data-count]")?.textContent ?? "");
  }
  const heads = page.querySelectorAll(".facet > summary");
  for (const [at, head] of [...form.querySelectorAll(".facet > summary")].entries()) {
    head.replaceChildren(...document.adoptNode(heads[at] ?? head.cloneNode(true)).childNodes);
  }
  // Words can be sorted by how well they are answered; without words that order is not offered.
  const orders = page.querySelector<HTMLSelectElement>("#tri");
  const order = form.querySelector<HTMLSelectElement>("#tri");
  if (orders && order) {
    // Options that move one by one are each chosen in turn: what was chosen is said anew.
    const chosen = orders.value;
    order.replaceChildren(...document.adoptNode(orders).childNodes);
    order.value = chosen;
  }
  const language = page.querySelector<HTMLAnchorElement>(".site-switch")?.getAttribute("href");
  if (language) document.querySelector(".site-switch")?.setAttribute("href", language);
  document.title = page.title;
  // Last, so that a screen reader tells the number of a list that is there. The element itself stays.
  form.querySelector("#etat")?.replaceChildren(found);
  return true;
}

function start(form: HTMLFormElement): void {
  let asking: XMLHttpRequest | undefined;

  const update = () => {
    asking?.abort();
    const address = addressOf(form);
    // Not `fetch`: only this gives a parsed document without a string of markup ever being ours to handle.
    const request = new XMLHttpRequest();
    asking = request;
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => {
      const page = request.responseXML;
      if (request.status === 200 && page !== null && show(page, form)) {
        history.pushState(null, "", address);
      } else {
        location.assign(address);
      }
    };
    request.onerror = () => location.assign(address);
    request.send();
    form.querySelector("#etat")?.replaceChildren(form.dataset.updating ?? "");
  };

  form.addEventListener("change", (event) => {
    const changed = event.target;
    if (changed instanceof HTMLSelectElement) update();
    // Boxes of the comparison stand on the cards and belong to another form.
    const isBox = changed instanceof HTMLInputElement && changed.type === "checkbox";
    if (isBox && changed.form === form) update();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
  window.addEventListener("popstate", () => location.reload());

  // Beside a wide list there is room for all boxes; above a narrow one they would push it off the screen.
  if (matchMedia(WIDE).matches) {
    for (const facet of form.querySelectorAll<HTMLDetailsElement>(".facet")) facet.open = true;
  }
  // The boxes and the order act by themselves now; the search keeps its button.
  for (const button of form.querySelectorAll<HTMLButtonElement>(".apply, .sort button")) button.hidden = true;
}

const form = document.querySelector<HTMLFormElement>("#recherche");
if (form !== null) start(form);
