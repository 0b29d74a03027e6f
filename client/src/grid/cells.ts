import { doubtWords } from "../commands/reader";
import type { Translate } from "../i18n/t";
import { make, setAttribute } from "../lib/dom";
import type { Column, Table } from "../model/types";
import { webAddress } from "../view/address";
import { wordsOf } from "../view/words";
import type { PeerMark } from "./peers";

/** One cell on screen and what it shows now, so that only differences are written to the DOM. */
export interface DrawnCell {
  readonly element: HTMLElement;
  readonly words: HTMLElement;
  look: Look | null;
  /** `selected edges`, as last written. */
  selection: string;
}

/** All that a cell shows of itself and of others, the selection apart. */
export interface Look {
  readonly words: string;
  /** What seems wrong, in words. */
  readonly doubt: string | null;
  readonly link: string | null;
  readonly readOnly: boolean;
  readonly peer: PeerMark | null;
  readonly cut: boolean;
}

export interface LookSources {
  readonly table: Table;
  readonly t: Translate;
  peerIn(row: string, column: string): PeerMark | null;
  isCut(row: string, column: string): boolean;
}

export function lookOf({ table, t, peerIn, isCut }: LookSources, row: string, column: Column): Look {
  const cell = table.cell(row, column.id);
  return {
    words: wordsOf(cell, column, t.lang),
    doubt: doubtWords(t, cell, column),
    link: column.kind === "url" && typeof cell.value === "string" ? webAddress(cell.value) : null,
    readOnly: !table.mayWrite(row, column.id),
    peer: peerIn(row, column.id),
    cut: isCut(row, column.id),
  };
}

/** Makes an empty cell of a column; the first column names the row. */
export function makeCell(column: Column, at: number, width: number, t: Translate): DrawnCell {
  const words = make("span", { class: "cell-words" });
  const element = make(
    "div",
    {
      role: at === 0 ? "rowheader" : "gridcell",
      class: `cell cell-${column.kind}${at === 0 ? " cell-title" : ""}`,
      "aria-colindex": at + 1,
      "data-column": column.id,
      tabindex: -1,
    },
    words,
  );
  element.style.width = `${width}rem`;
  if (at === 0) element.append(openButton(t));
  return { element, words, look: null, selection: "" };
}

// For the pointer alone: the keyboard has Space, screen readers the menu of the cell.
function openButton(t: Translate): HTMLElement {
  return make(
    "button",
    { type: "button", class: "cell-open", tabindex: -1, "aria-hidden": "true", title: t("grid.openRow") },
    "⤢",
  );
}

/** Writes what changed of a cell's look. */
export function paintCell(cell: DrawnCell, look: Look, t: Translate): void {
  const before = cell.look;
  if (before !== null && same(before, look)) return;
  cell.look = look;
  const { element } = cell;
  if (before?.words !== look.words) cell.words.textContent = look.words;
  setAttribute(element, "aria-readonly", look.readOnly ? "true" : null);
  setAttribute(element, "aria-invalid", look.doubt === null ? null : "true");
  setAttribute(element, "aria-description", description(look, t));
  // The wavy line alone would not say what is wrong to somebody who points at it.
  setAttribute(element, "title", look.doubt);
  element.classList.toggle("cell-doubt", look.doubt !== null);
  element.classList.toggle("cell-cut", look.cut);
  paintLink(element, look.link, t);
  paintPeer(element, look.peer);
}

function description({ doubt, peer }: Look, t: Translate): string | null {
  const parts: string[] = [];
  if (peer !== null) {
    parts.push(t(peer.editing ? "grid.peer.editing" : "grid.peer.here", { names: peer.names }));
  }
  if (doubt !== null) parts.push(doubt);
  return parts.length === 0 ? null : parts.join(". ");
}

function paintLink(element: HTMLElement, link: string | null, t: Translate): void {
  const there = element.querySelector<HTMLAnchorElement>(".cell-link");
  if (link === null) {
    there?.remove();
    return;
  }
  const anchor = there ?? make("a", { class: "cell-link", tabindex: -1, "aria-hidden": "true" }, "↗");
  setAttribute(anchor, "href", link);
  setAttribute(anchor, "target", "_blank");
  setAttribute(anchor, "rel", "noopener noreferrer");
  setAttribute(anchor, "title", t("grid.openLink"));
  if (there === null) element.append(anchor);
}

function paintPeer(element: HTMLElement, peer: PeerMark | null): void {
  element.classList.toggle("cell-peer", peer !== null);
  element.classList.toggle("cell-peer-editing", peer?.editing === true);
  const there = element.querySelector<HTMLElement>(".peer-tag");
  if (peer === null) {
    there?.remove();
    return;
  }
  element.style.setProperty("--peer", `var(--peer-${peer.colour})`);
  const tag = there ?? make("span", { class: "peer-tag", "aria-hidden": "true" });
  const name = peer.editing ? `${peer.names} ✎` : peer.names;
  if (tag.textContent !== name) tag.textContent = name;
  if (there === null) element.append(tag);
}

function same(a: Look, b: Look): boolean {
  return (
    a.words === b.words &&
    a.doubt === b.doubt &&
    a.link === b.link &&
    a.readOnly === b.readOnly &&
    a.cut === b.cut &&
    a.peer?.names === b.peer?.names &&
    a.peer?.colour === b.peer?.colour &&
    a.peer?.editing === b.peer?.editing
  );
}
