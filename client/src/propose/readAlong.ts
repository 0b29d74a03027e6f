/** The line under an answer that says what was understood of it: quietly, and only where it says something new. */
import { make } from "../lib/dom";
import { whenQuiet } from "../lib/schedule";
import type { Kind } from "../model/types";
import { questionOf, valuesOf } from "./fields";
import type { Say } from "./texts";
import type { Understood } from "./understand";

/** How long nobody types before it is said. */
const QUIET = 400;
/** Kinds in which words are read. Words that stay words, and options, say themselves. */
const READ: readonly string[] = [
  "number",
  "prices",
  "duration",
  "date",
  "sessions",
  "places",
  "url",
  "email",
  "phone",
  "boolean",
  "code",
] satisfies Kind[];

type Read = (asked: { column: string; kind: Kind }, lines: readonly string[]) => Understood;
/** Fetches what reads; again after a failure. */
export type LoadReader = () => Promise<Read>;

/** What stands under an answer; empty where it goes without saying. */
export function lineOf(say: Say, lines: readonly string[], { words, doubts }: Understood): string {
  const written = lines.join(" ; ");
  const value = words === "" || words === written ? "" : `${say("read")} ${words}`;
  if (doubts.length === 0) return value;
  const doubt = doubts.join(", ");
  if (value !== "") return `${value} (${doubt})`;
  return words === "" ? `${say("unread")} (${doubt})` : doubt.charAt(0).toUpperCase() + doubt.slice(1);
}

const isRead = ({ kind = "", column }: DOMStringMap): boolean =>
  READ.includes(kind) || column === "duree_texte";

/** The line itself, beside what describes the question already. */
function lineUnder(field: HTMLElement): HTMLElement {
  const id = `${field.dataset.column}-lu`;
  const there = field.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
  if (there !== null) {
    there.setAttribute("aria-live", "polite");
    return there;
  }
  const line = make("p", { class: "read", id, "aria-live": "polite" });
  field.append(line);
  return line;
}

/** Reads along in a form. */
export function readAlong(form: HTMLElement, say: Say, load: LoadReader): void {
  let reading: Promise<Read> | null = null;
  const reader = (): Promise<Read> => {
    reading ??= load().catch((cause) => {
      reading = null;
      throw cause;
    });
    return reading;
  };
  const waiting = new Set<HTMLElement>();
  const tell = whenQuiet(QUIET, () => {
    const fields = [...waiting];
    waiting.clear();
    // Without it the form is as good as without script.
    void reader().then(
      (read) => {
        for (const field of fields) show(field, read, say);
      },
      () => {},
    );
  });
  form.addEventListener("focusin", ({ target }) => {
    const field = questionOf(target);
    if (field !== null && isRead(field.dataset)) {
      lineUnder(field);
      void reader().catch(() => {});
    }
  });
  form.addEventListener("input", ({ target }) => {
    const field = questionOf(target);
    if (field === null || !isRead(field.dataset)) return;
    waiting.add(field);
    tell.ask();
  });
}

function show(field: HTMLElement, read: Read, say: Say): void {
  const lines = valuesOf(field).filter((words) => words.trim() !== "");
  const { column = "", kind = "" } = field.dataset;
  const found = read({ column, kind: kind as Kind }, lines);
  const told = lines.length === 0 ? "" : lineOf(say, lines, found);
  const line = lineUnder(field);
  line.classList.toggle("unsure", found.doubts.length > 0);
  if (line.textContent !== told) line.textContent = told;
}
