import type { Cell, Column } from "../model/types";
import { webAddress } from "./address";
import { isList } from "./words";

/** Why a cell is worth a second look. It is kept as written in any case. */
export type Doubt = "unread" | "not-a-url" | "not-an-email" | "not-a-phone" | "not-a-siret";

/** What seems wrong in a cell, or null. */
export function doubtOf(cell: Cell, column: Column): Doubt | null {
  if (cell.value === null) return cell.said !== null && !isList(column) ? "unread" : null;
  if (typeof cell.value !== "string") return null;
  switch (column.kind) {
    case "url":
      return webAddress(cell.value) === null ? "not-a-url" : null;
    case "email":
      return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(cell.value) ? null : "not-an-email";
    case "phone":
      return /^\+?[\d\s().-]{6,}$/.test(cell.value) ? null : "not-a-phone";
    case "code":
      return column.id.includes("siret") && !isSiret(cell.value) ? "not-a-siret" : null;
    default:
      return null;
  }
}

// 14 digits whose Luhn sum is a multiple of ten.
function isSiret(words: string): boolean {
  const digits = words.replace(/\s/g, "");
  if (!/^\d{14}$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
}
