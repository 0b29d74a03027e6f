import type { Kind } from "../model/types";

/** How to write a value of a kind: the last part of the sentence's key. */
export type Hint = "number" | "date" | "words";

const HINTS: Partial<Readonly<Record<Kind, Hint>>> = {
  number: "number",
  date: "date",
  prices: "words",
  sessions: "words",
  places: "words",
};

// The keyboard a phone shows. The type of a field stays `text`: other types hide from us what they cannot read.
const INPUT_MODES: Partial<Readonly<Record<Kind, "decimal" | "url" | "email" | "tel">>> = {
  number: "decimal",
  duration: "decimal",
  url: "url",
  email: "email",
  phone: "tel",
};

/** What a person is told beside a field of this kind, wherever it stands; undefined where nothing needs saying. */
export function hintOf(kind: Kind): Hint | undefined {
  return HINTS[kind];
}

export function inputModeOf(kind: Kind): "decimal" | "url" | "email" | "tel" | "text" {
  return INPUT_MODES[kind] ?? "text";
}
