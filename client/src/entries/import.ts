/**
 * Comfort for the pages of the import: a file can be dropped, its size is told before it is sent, progress moves
 * without a reload, and choices are saved before another list is opened.
 *
 * Nothing here is needed: without this file the forms and links of the pages do the same.
 */

/** What the server tells of a file on its way. */
interface Told {
  readonly state: string;
  readonly done: number;
  readonly total: number;
  readonly known: string;
  readonly told: string;
}

/** How long to wait before a server that did not answer is asked again. */
const AGAIN = 3_000;
/** How long to wait between two askings of a server that answers at once. */
const PAUSE = 400;

/** An answer of the server, if it is one of ours. */
export function parse(answer: unknown): Told | null {
  if (typeof answer !== "object" || answer === null) return null;
  const { state, done, total, known, told } = answer as Record<string, unknown>;
  const words = [state, known, told].every((word) => typeof word === "string");
  const numbers = [done, total].every((number) => typeof number === "number");
  return words && numbers ? (answer as Told) : null;
}

/** Puts words into a live region only where they are other words: a screen reader says each change. */
function say(region: Element | null, words: string): void {
  if (region !== null && region.textContent !== words) region.textContent = words;
}

const pause = (milliseconds: number) => new Promise((over) => setTimeout(over, milliseconds));

/** Shows how far a file is until the state is another one, then goes to what became of it. */
export async function follow(waiting: HTMLElement, go: (href: string) => void): Promise<void> {
  const { state = "", page = "", word = "", ended = "", lost = "" } = waiting.dataset;
  const bar = waiting.querySelector("progress");
  const region = waiting.querySelector("[role=status]");
  let known = "";
  for (;;) {
    let told: Told | null = null;
    try {
      const address = new URL(state, location.href);
      address.searchParams.set("vu", known);
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      // Signed out, or no longer a pilot: the page itself says so.
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) return go(page);
      told = answer.ok ? parse(await answer.json()) : null;
    } catch {
      told = null;
    }
    if (told === null) {
      say(region, lost);
      await pause(AGAIN);
      continue;
    }
    known = told.known;
    if (told.state !== word) {
      say(region, ended);
      return go(page);
    }
    if (bar !== null && told.total > 0) {
      bar.max = told.total;
      bar.value = told.done;
    }
    say(region, told.told);
    await pause(PAUSE);
  }
}

/** A file that is too large is told before it is sent; a file may be dropped on the form. */
export function prepareUpload(form: HTMLFormElement): void {
  const field = form.querySelector<HTMLInputElement>("input[type=file]");
  if (field === null) return;
  const { most = "", tooLarge = "", sending = "", dropped = "" } = form.dataset;
  const wrong = form.querySelector(".wrong-here");
  const status = form.querySelector("[role=status]");
  const isTooLarge = () => [...(field.files ?? [])].some((file) => file.size > Number(most));

  field.addEventListener("change", () => say(wrong, isTooLarge() ? tooLarge : ""));
  form.addEventListener("submit", (event) => {
    if (isTooLarge()) {
      event.preventDefault();
      say(wrong, tooLarge);
      field.focus();
      return;
    }
    say(status, sending);
  });

  const hint = form.querySelector<HTMLElement>(".drop-here");
  if (hint !== null) hint.hidden = false;
  const over = (is: boolean) => form.classList.toggle("is-over", is);
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  form.addEventListener("dragleave", () => over(false));
  form.addEventListener("drop", (event) => {
    over(false);
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(file);
    field.files = one.files;
    field.dispatchEvent(new Event("change"));
    if (!isTooLarge()) say(status, dropped.replace("{name}", file.name));
  });
}

/** What the form would send, to see whether something was changed. */
function sent(form: HTMLFormElement): string {
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(pairs as [string, string][]).toString();
}

/** The word of the form's button for where a link leads; empty for a link that leads elsewhere. */
export function buttonFor(link: URL, form: URL): string {
  if (link.pathname !== form.pathname.replace(/\/[a-z]+$/, "")) return "";
  const at = (name: string) => link.searchParams.get(name) ?? "";
  if (at("etape") === "appliquer") return "appliquer";
  if (at("etape") === "correspondances") return `onglet-${at("onglet") || "0"}`;
  return at("quoi") === "" ? "plan" : `liste-${at("quoi")}`;
}

/** Choices are saved on the way to another list; leaving altogether asks first. */
export function keepChoices(form: HTMLFormElement): void {
  const before = sent(form);
  const isDirty = () => sent(form) !== before;
  let isLeaving = false;

  form.addEventListener("submit", () => {
    isLeaving = true;
  });
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".steps a, .kinds a, .sheets a")) {
    link.addEventListener("click", (event) => {
      const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
      const word = buttonFor(new URL(link.href), new URL(form.action));
      if (!isPlain || word === "" || !isDirty()) return;
      event.preventDefault();
      const to = document.createElement("input");
      Object.assign(to, { type: "hidden", name: "vers", value: word });
      form.append(to);
      form.requestSubmit();
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && isDirty()) event.preventDefault();
  });
  // A page that comes back from the browser's memory has its choices, and may be left again.
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });

  // A new column is asked for its name where it was chosen.
  form.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement) || !/^m\d+$/.test(target.name)) return;
    const details = target.closest(".column-choice")?.querySelector("details");
    if (details) details.open = target.value === "+";
  });
}

function start(): void {
  const waiting = document.querySelector<HTMLElement>("#avancement");
  if (waiting !== null) void follow(waiting, (href) => location.replace(href));
  for (const form of document.querySelectorAll<HTMLFormElement>("form.upload")) prepareUpload(form);
  const choices = document.querySelector<HTMLFormElement>("form#choix");
  if (choices !== null) keepChoices(choices);
}

if (typeof document !== "undefined") start();
