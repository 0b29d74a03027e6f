import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { arrived, type Hand, loadReader, readerNow, typeWords } from "../commands/reader";
import type { Line } from "../commands/saying";
import type { Column, Plain } from "../model/types";
import { toast } from "../ui/toast";
import { inputModeOf } from "../view/hint";
import { isList, wordsOf } from "../view/words";
import type { Page } from "./page";

export interface FieldProps {
  readonly page: Page;
  readonly row: string;
  readonly column: Column;
}

/** What an input of a field is told: its id, what describes it, and whether it may be written. */
export interface InputProps extends FieldProps {
  readonly id: string;
  readonly describedBy: string;
  readonly readOnly: boolean;
}

/** The words in which a cell that is not a text is edited. */
export function wordsNow({ live, t }: Page, row: string, column: Column): string {
  const cell = live.table.cell(row, column.id);
  return readerNow()?.wordsToEdit(cell, column, t.lang) ?? wordsOf(cell, column, t.lang);
}

/** The hand of this panel. */
export const handOn = ({ live, t }: Pick<Page, "live" | "t">): Hand => ({
  table: live.table,
  t,
  notice: (words, kind = "warn") => toast(words, kind),
});

/** What will be understood of what is being typed. */
export function Reads({ id, line }: { id: string; line: Line | null | undefined }) {
  return (
    <p class={line?.isDoubt ? "field-line field-doubt" : "field-line"} id={id} aria-live="polite">
      {line?.words ?? ""}
    </p>
  );
}

/** Draws again when the reader has come. */
export function useReader({ t }: Page): void {
  const [, draw] = useState(readerNow());
  useEffect(() => {
    if (readerNow() === null) void loadReader(t).catch(() => {});
    return arrived.on(() => draw(readerNow()));
  }, [t]);
}

/** A value that is written as words: what they will be is seen while they are written, and written when they are left. */
export function WordsField({ page, row, column, id, describedBy, readOnly }: InputProps) {
  useReader(page);
  const { live, t } = page;
  const lineId = useId();
  const now = wordsNow(page, row, column);
  // What was written, and the value that it was written over.
  const [draft, setDraft] = useState<{ words: string; from: Plain } | null>(null);
  const typed = draft === null || draft.words === now ? null : { ref: { row, column: column.id }, ...draft };
  const leave = () => {
    setDraft(null);
    live.presence.moveTo(null);
    if (typed === null) return;
    typeWords(handOn(page), typed);
  };
  // The panel may be closed, or give way to another row, while one writes: what was written is not lost with it.
  const latest = useRef(leave);
  latest.current = leave;
  // Of the layout, for the others end a moment after the field is gone.
  useLayoutEffect(() => () => latest.current(), []);
  const line = typed === null ? null : readerNow()?.lineOf(t, live.table, typed);
  const write = (words: string) =>
    setDraft({ words, from: draft === null ? live.table.cell(row, column.id).value : draft.from });
  const shared = {
    id,
    value: draft?.words ?? now,
    readOnly,
    "aria-describedby": `${lineId} ${describedBy}`,
    onFocus: () => live.presence.moveTo({ row, column: column.id, editing: true }),
    onBlur: leave,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isOneLine = event.currentTarget instanceof HTMLInputElement;
    if (event.key === "Enter" && (isOneLine || event.ctrlKey || event.metaKey)) leave();
    if (event.key !== "Escape" || typed === null || event.isComposing) return;
    // What was written here is given up; the next one closes the panel.
    event.preventDefault();
    event.stopPropagation();
    setDraft(null);
  };
  return (
    <>
      {isList(column) ? (
        <textarea
          rows={2}
          {...shared}
          onInput={({ currentTarget }) => write(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      ) : (
        <input
          type="text"
          inputMode={inputModeOf(column.kind)}
          autocomplete="off"
          {...shared}
          onInput={({ currentTarget }) => write(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      )}
      <Reads id={lineId} line={line} />
    </>
  );
}
