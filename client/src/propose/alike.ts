/** Offers that are there already, while the title or the page of one is being typed. */
import { make } from "../lib/dom";
import { whenQuiet } from "../lib/schedule";
import { question, questionOf, valuesOf } from "./fields";
import type { Say } from "./texts";

/** How long nobody types before the server is asked. */
const QUIET = 400;
/** What tells two offers apart. */
const ASKED = ["intitule", "organisme", "url"] as const;
/** Fewer letters are like everything. */
const ENOUGH = 4;

/** An offer that is there. */
export interface Offer {
  readonly row: string;
  readonly title: string;
  readonly provider: string;
  readonly href: string | null;
  readonly why: readonly string[];
}

/** An answer of the server, if it is one of ours. */
export function parse(answer: unknown): readonly Offer[] | null {
  if (typeof answer !== "object" || answer === null) return null;
  const { offers } = answer as Record<string, unknown>;
  return Array.isArray(offers) && offers.every(isOffer) ? offers : null;
}

function isOffer(value: unknown): value is Offer {
  if (typeof value !== "object" || value === null) return false;
  const { row, title, provider, href, why } = value as Record<string, unknown>;
  const words = [row, title, provider].every((word) => typeof word === "string");
  return words && (href === null || typeof href === "string") && Array.isArray(why);
}

/** Asks while somebody types, and shows what comes under the question that was typed into. */
export function lookForAlike(form: HTMLElement, address: string, say: Say): void {
  let last = "";
  let under: HTMLElement | null = null;
  let asking: AbortController | null = null;
  const region = make("div", { class: "alike", role: "status" });

  const look = whenQuiet(QUIET, () => {
    const pairs = ASKED.map((name): [string, string] => {
      const field = question(form, name);
      return [name, (field === undefined ? "" : (valuesOf(field)[0] ?? "")).trim()];
    });
    const query = new URLSearchParams(pairs).toString();
    if (query === last) return;
    last = query;
    asking?.abort();
    const [title, , page] = pairs.map(([, words]) => words);
    if ((title?.length ?? 0) < ENOUGH && (page?.length ?? 0) < ENOUGH) return show([]);
    asking = new AbortController();
    ask(`${address}?${query}`, asking.signal).then(
      (offers) => query === last && show(offers),
      // It is asked again with the next letter; the server looks once more when the form is sent.
      () => {
        if (query === last) last = "";
      },
    );
  });

  const show = (offers: readonly Offer[]): void => {
    if (under !== null && region.previousElementSibling !== under) under.after(region);
    region.replaceChildren(...(offers.length === 0 ? [] : list(offers, say)));
  };

  form.addEventListener("input", ({ target }) => {
    const field = questionOf(target);
    const column = field?.dataset.column ?? "";
    if (field === null || !(ASKED as readonly string[]).includes(column)) return;
    // Beside the title even where the provider is what was typed: an eye looks for it in one place.
    under = column === "organisme" ? (question(form, "intitule") ?? field) : field;
    look.ask();
  });
}

async function ask(address: string, signal: AbortSignal): Promise<readonly Offer[]> {
  const answer = await fetch(address, { headers: { accept: "application/json" }, signal });
  const offers = answer.ok ? parse(await answer.json()) : null;
  if (offers === null) throw new Error(`the server does not say what resembles: \`${answer.status}\``);
  return offers;
}

function list(offers: readonly Offer[], say: Say): Node[] {
  const n = offers.length;
  const items = offers.map(({ row, title, provider, href, why }) => {
    const name = href === null ? make("strong", {}, title) : make("a", { href }, title);
    const beside = [provider, ...why].filter((words) => words !== "").join(", ");
    const button = make("button", {
      type: "submit",
      class: "quiet",
      name: "action",
      value: `completer-${row}`,
    });
    button.append(say("complete"), make("span", { class: "unseen" }, ` : ${title}`));
    return make("li", {}, name, " ", make("span", { class: "soft" }, beside), " ", button);
  });
  return [make("p", {}, n === 1 ? say("near1") : say("nears", { n })), make("ul", {}, ...items)];
}
