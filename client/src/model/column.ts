import { typesetFrench } from "../lib/typeset";
import { isMap, type PlainMap } from "./plain";
import type { Choice, Column, Kind, Label, Plain } from "./types";

const KINDS: readonly Kind[] = [
  "text",
  "long_text",
  "number",
  "prices",
  "duration",
  "date",
  "sessions",
  "places",
  "choice",
  "choices",
  "url",
  "email",
  "phone",
  "boolean",
  "code",
];

/** Whether its cells are texts that several hands write at once. */
export const isTextKind = (kind: Kind): boolean => kind === "text" || kind === "long_text";

/** Whether its cells are lists whose items merge one by one. */
export const isListKind = (kind: Kind): boolean =>
  kind === "prices" || kind === "sessions" || kind === "places" || kind === "choices";

/** Reads one column as the server wrote it; undefined for one that this version of the client does not know. */
export function readColumn(id: string, stored: unknown): Column | undefined {
  if (!isMap(stored)) return undefined;
  const kind = KINDS.find((known) => known === stored.kind);
  if (kind === undefined) return undefined;
  return {
    id,
    label: typeset(readLabel(stored.label, id)),
    kind,
    options: Array.isArray(stored.options) ? stored.options.flatMap(readChoice) : [],
    required: stored.required === true,
    help: typeset(readLabel(stored.help, "")),
    order: typeof stored.order === "number" ? stored.order : 0,
    section: typeof stored.section === "string" ? stored.section : "",
    public: stored.public === true,
    shown: stored.shown === true,
    curated: stored.curated === true,
    archived: stored.archived === true,
  };
}

/** The order in which columns stand: the same as the server's. */
export function compareColumns(a: Column, b: Column): number {
  return a.order - b.order || (a.id < b.id ? -1 : 1);
}

function readLabel(stored: Plain | undefined, otherwise: string): Label {
  const label: PlainMap = isMap(stored) ? stored : {};
  const fr = typeof label.fr === "string" ? label.fr : otherwise;
  return { fr, en: typeof label.en === "string" && label.en !== "" ? label.en : fr };
}

const typeset = ({ fr, en }: Label): Label => ({ fr: typesetFrench(fr), en });

function readChoice(stored: Plain): Choice[] {
  if (!isMap(stored) || typeof stored.id !== "string") return [];
  return [{ id: stored.id, label: readLabel(stored.label, stored.id), archived: stored.archived === true }];
}
