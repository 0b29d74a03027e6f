/**
 * What a French hand wrote, and what we understood of it: the mirror of `domain::reading`, held to the same readings by
 * `fixtures/readings`. Reading never throws and never invents: where it is not sure it fills nothing, says why, and
 * keeps the words. Loaded by editors when they open, so that a reading is seen before it is committed.
 */
import type { Column, Kind } from "../model/types";
import { find, many, one, type Vocabulary } from "./choice";
import { email, phone } from "./contact";
import { date } from "./date";
import { inUnit, unitOf } from "./duration";
import { isWhite, trimmed } from "./fold";
import { code } from "./identifier";
import { link } from "./link";
import { boolean, number } from "./number";
import { places } from "./place";
import { prices } from "./price";
import { print } from "./print";
import { doubting, equal, isEmpty, nothing, type Reading, sure, unread } from "./reading";
import { sessions } from "./session";
import { checkAsked, hasWords, notYetKnown, refersAbove, saysNothing } from "./sign";
import { line, long, oneLine, repaired, severalLines, withoutMarks } from "./text";

/**
 * Reads the words of one cell of a column; `vocabulary` is that of the column where it has options. Prices, sessions
 * and places come as lists in the shape of the JSON contract: whoever writes them gives the items their ids.
 */
export function read(column: Column, vocabulary: Vocabulary, written: string): Reading {
  const whole = repaired(written);
  const reading = readRepaired(column, vocabulary, whole);
  return whole === withoutMarks(written) ? reading : doubting(reading, "repaired", trimmed(written, isWhite));
}

function readRepaired(column: Column, vocabulary: Vocabulary, whole: string): Reading {
  if (column.kind === "text") return line(whole);
  if (column.kind === "long_text") return long(whole);
  return LISTS.includes(column.kind)
    ? readList(column, vocabulary, whole)
    : readSigns(column, vocabulary, whole);
}

const LISTS: readonly Kind[] = ["prices", "sessions", "places"];

/** A list that our own words would not carry is left in the person's: what is printed must be read back. */
function readList(column: Column, vocabulary: Vocabulary, whole: string): Reading {
  const reading = readSigns(column, vocabulary, whole);
  if (isEmpty(reading.value)) return reading;
  const again = readSigns(column, vocabulary, repaired(print(column, reading.value)));
  if (equal(again.value, reading.value)) return reading;
  return doubting({ ...reading, value: null }, "unknown-words", reading.words);
}

/** First what people write instead of a value, then the value. */
function readSigns(column: Column, vocabulary: Vocabulary, whole: string): Reading {
  const words = severalLines(whole);
  if (words === "") return nothing();
  const hasOptions = column.kind === "choice" || column.kind === "choices";
  if (hasOptions && find(vocabulary, words) !== null) return readValue(column, vocabulary, words);
  if (refersAbove(words)) return unread(words, "refers-above");
  if (notYetKnown(words)) return unread(words, "not-yet-known");
  const asked = checkAsked(words);
  if (asked !== null) {
    // Nothing is kept of the words that ask: they may name a person.
    const reading = hasWords(asked.rest) ? readValue(column, vocabulary, asked.rest) : nothing();
    return doubting(reading, "to-check", asked.asks);
  }
  // A mark alone may still be a yes.
  const onlyMarks = column.kind !== "boolean" && !hasWords(words);
  if (onlyMarks || saysNothing(words)) return doubting(nothing(), "nothing-said", words);
  return readValue(column, vocabulary, words);
}

function readValue(column: Column, vocabulary: Vocabulary, words: string): Reading {
  const line = oneLine(words);
  switch (column.kind) {
    case "choice":
      return one(vocabulary, words);
    case "choices":
      return many(vocabulary, words);
    case "url":
      return link(line);
    case "email":
      return email(line);
    case "phone":
      return phone(line);
    case "boolean":
      return boolean(line);
    case "number":
      return number(line);
    case "duration":
      return inUnit(unitOf(column), line);
    case "date":
      return date(line);
    case "code":
      return code(column.id, line);
    case "prices":
      return prices(words);
    case "sessions":
      return sessions(words);
    case "places":
      return places(words);
    default:
      return sure(words);
  }
}
