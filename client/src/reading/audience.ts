/** Whom élus and agents serve: `élus locaux`, `agents des villes`. The mirror of `domain::reading::audience`. */
import { key } from "./fold";

const SERVES = new Set(["de", "des", "du", "d", "au"]);
const TERRITORIES = new Set(
  (
    "territorial territoriale collectivite commune communal ville mairie departement region metropole " +
    "intercommunalite"
  ).split(" "),
);
const STATE = new Set(["etat", "ministere", "prefecture", "deconcentre", "centrale"]);

/** The options of people that words name and narrow; none where they may be anybody's. */
export function narrowed(words: string): readonly string[] {
  if (/[,;\n•|(]/u.test(words)) return [];
  const [first, ...rest] = key(words).split(" ");
  if (rest.length === 0 || !joinsOnlyWhomTheyServe(rest)) return [];
  if (first === "elu" || first === "elue") return ["elus"];
  if (first !== "agent" && first !== "agente") return [];
  const state = rest.some((word) => STATE.has(word)) ? ["agents_etat"] : [];
  return rest.some((word) => TERRITORIES.has(word)) ? [...state, "agents_territoriaux"] : state;
}

/** `des services participation et/ou des autres services` are one; `locaux et agents` are two. */
function joinsOnlyWhomTheyServe(rest: readonly string[]): boolean {
  const joins = (word: string): boolean => word === "et" || word === "ou";
  const goesOn = (word: string): boolean =>
    joins(word) || SERVES.has(word) || TERRITORIES.has(word) || STATE.has(word);
  return rest.every((word, at) => !joins(word) || at + 1 >= rest.length || goesOn(rest[at + 1] ?? ""));
}

/** Whether words begin with agents of somebody, so that what follows may name other employers. */
export function beginsWithAgents(words: string): boolean {
  const [first, second] = key(words).split(" ");
  return (first === "agent" || first === "agente") && SERVES.has(second ?? "");
}

const EMPLOYERS = new Map([
  ["etat", "agents_etat"],
  ["l etat", "agents_etat"],
  ["collectivite", "agents_territoriaux"],
  ["collectivite territoriale", "agents_territoriaux"],
  ["collectivite locale", "agents_territoriaux"],
]);

/** The agents of an employer that stands in a list behind others. */
export const employer = (words: string): string | null => EMPLOYERS.get(key(words)) ?? null;
