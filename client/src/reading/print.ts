/** Values as words that are read back as the same values. The mirror of `domain::reading::print`. */
import type { Column, Plain } from "../model/types";
import { startsWithCapital } from "./capital";
import { saysFrance } from "./france";
import { asItem, type Item, itemsIn } from "./reading";

/** A value of a column in words. */
export function print(column: Column, value: Plain): string {
  if (value === null) return "";
  switch (column.kind) {
    case "prices":
      return list(value, price);
    case "sessions":
      return list(value, session);
    case "places":
      return list(value, place);
    case "date":
      return typeof value === "string" ? date(value) : "";
    case "choice":
      return typeof value === "string" ? label(column, value) : "";
    case "choices":
      return options(column, value).join(" ; ");
    case "phone":
      return typeof value === "string" ? phone(value) : "";
    default:
      return plain(value);
  }
}

function plain(value: Plain): string {
  if (typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "oui" : "non";
  return typeof value === "string" ? value : "";
}

const label = (column: Column, id: string): string =>
  column.options.find((option) => option.id === id)?.label.fr ?? id;

/** Options in the order of the column, then those it no longer knows. */
function options(column: Column, value: Plain): string[] {
  const chosen = asItem(value) ?? {};
  const known = column.options.filter(({ id }) => (chosen[id] ?? null) !== null);
  const others = Object.keys(chosen).filter(
    (id) => chosen[id] !== null && !column.options.some((option) => option.id === id),
  );
  return [...known.map(({ label }) => label.fr), ...others];
}

/** A telephone number in pairs, as French people dictate it; others as they are. */
function phone(number: string): string {
  const national = /^\+33(.{9})$/.exec(number)?.[1];
  return national === undefined ? number : `0${national}`.replace(/(..)(?=.)/g, "$1 ");
}

const list = (value: Plain, printed: (item: Readonly<Item>) => string): string =>
  joined(
    itemsIn(value).map((item) => printed(asItem(item) ?? {})),
    " ; ",
  );

const joined = (parts: readonly string[], between: string): string =>
  parts.filter((part) => part !== "").join(between);

/** A number as French hands write it: a comma, and no more digits than it has. */
export function number(number: number): string {
  const written = String(number);
  const small = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/.exec(written);
  if (small === null) return written.replace(".", ",");
  const [, sign = "", first = "", rest = "", zeros = ""] = small;
  return `${sign}0,${"0".repeat(Number(zeros) - 1)}${first}${rest}`;
}

/** A duration in words: `2,5 jours, 18,5 heures`. */
export function duration(value: Plain): string {
  const found = asItem(value) ?? {};
  const said = (name: string): string | null => {
    const amount = found[name];
    return typeof amount === "number" ? number(amount) : null;
  };
  const one = (name: string): string => {
    const [plain, least, most] = [said(name), said(`${name}_min`), said(`${name}_max`)];
    if (plain !== null) return `${plain} ${name}`;
    if (least !== null && most !== null) return `de ${least} à ${most} ${name}`;
    if (least !== null) return `au moins ${least} ${name}`;
    return most === null ? "" : `au plus ${most} ${name}`;
  };
  const [years, credits] = [said("annees"), said("ects")];
  const parts = [
    one("jours"),
    one("heures"),
    years === null ? "" : `${years} ans`,
    credits === null ? "" : `${credits} ECTS`,
    typeof found.etalement === "string" ? `sur ${found.etalement}` : "",
  ];
  return joined(parts, ", ");
}

/** `2026-09-30`, `2026-09` or `2026` as a French hand writes it. */
export const date = (iso: string): string => iso.split("-").reverse().join("/");

const word = (item: Readonly<Item>, name: string): string => {
  const value = item[name];
  return typeof value === "string" ? value : "";
};

/** `à partir de 1200 € HT par personne par jour (employeur)`. */
function price(item: Readonly<Item>): string {
  const units = word(item, "unite").split("×");
  const profile = word(item, "profil");
  const parts = [
    item.a_partir_de === true ? "à partir de" : "",
    typeof item.montant === "number" ? number(item.montant) : "",
    word(item, "devise") === "EUR" ? "€" : word(item, "devise"),
    word(item, "taxe"),
    joined(
      units.map((unit) => (unit === "" ? "" : `par ${unit}`)),
      " ",
    ),
    profile === "" ? "" : `(${profile})`,
  ];
  return joined(parts, " ");
}

/** `du 12/03/2026 au 14/03/2026, 9h à 17h30, Grenoble (complète)`; the own words where they say more. */
function session(item: Readonly<Item>): string {
  if (word(item, "texte") !== "") return word(item, "texte");
  const [from, to] = [date(word(item, "debut")), date(word(item, "fin"))];
  let dates = to === "" ? from : `du ${from} au ${to}`;
  if (from === "") dates = `jusqu'au ${to}`;
  if (Array.isArray(item.jours)) dates = item.jours.map((day) => date(String(day))).join(", ");
  const printed = joined([dates, word(item, "horaires"), word(item, "lieu")], ", ");
  const state = word(item, "etat_recrutement");
  return state === "" ? printed : `${printed} (${state})`;
}

const COUNTRIES: Readonly<Record<string, string>> = {
  FR: "France",
  BE: "Belgique",
  CH: "Suisse",
  CA: "Canada",
  LU: "Luxembourg",
  MA: "Maroc",
  TN: "Tunisie",
  SN: "Sénégal",
};

/** `Centre social, 38700 Le Sappey (Suisse)`, `en ligne`. */
function place(item: Readonly<Item>): string {
  if (item.en_ligne === true) return "en ligne";
  const coded = joined([word(item, "code_postal"), word(item, "commune")], " ");
  const named = joined([word(item, "lieu"), coded], ", ");
  const country = COUNTRIES[word(item, "pays")] ?? "";
  const department = word(item, "departement");
  const [inside, town] = [word(item, "lieu"), word(item, "commune")];
  const plain = word(item, "code_postal") === "" && department === "" && country === "";
  if (plain && town !== "" && startsWithCapital(inside)) return `${town} (${inside})`;
  // A province names its country by itself, and so do words that say it.
  if (department === "" && country === "Canada" && named === "Québec") return named;
  if (department === "" && country === "France" && saysFrance(named)) return named;
  const beside = department || country;
  if (named === "") return department === "" ? country : `(${department})`;
  return beside === "" ? named : `${named} (${beside})`;
}
