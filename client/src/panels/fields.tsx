import { useEffect, useId, useRef, useState } from "preact/hooks";
import { doubtWords, fillBeside, readerNow } from "../commands/reader";
import { isText } from "../commands/write";
import { reasonWords } from "../i18n/reason";
import type { Column } from "../model/types";
import { webAddress } from "../view/address";
import { hintOf } from "../view/hint";
import { optionLabel, optionsSet, wordsOf } from "../view/words";
import { BoundText } from "./boundText";
import { useTold } from "./page";
import {
  type FieldProps,
  handOn,
  type InputProps,
  Reads,
  useReader,
  WordsField,
  wordsNow,
} from "./wordsField";

/** One field of a row: its name, what stands in it, how to write it, what seems wrong, and who else is in it. */
export function Field(props: FieldProps) {
  const { page, row, column } = props;
  useTold(page);
  const { t, live } = page;
  const id = useId();
  const notesId = `${id}-notes`;
  const readOnly = !live.table.mayWrite(row, column.id);
  const { said } = live.table.cell(row, column.id);
  const given = { ...props, id, describedBy: notesId, readOnly };
  const others = live.presence
    .peers()
    .filter(({ self, at }) => !self && at?.editing === true && at.row === row && at.column === column.id);
  const label = column.label[t.lang];
  const grouped = column.kind === "choices";
  const hint = hintOf(column.kind);
  return (
    <div class={`field field-${column.kind}`} data-column={column.id}>
      {grouped ? <ChoicesField {...given} /> : <label for={id}>{label}</label>}
      {!grouped && <Input {...given} />}
      <div class="field-notes" id={notesId}>
        {column.help[t.lang] !== "" && <p class="soft">{column.help[t.lang]}</p>}
        {hint !== undefined && !readOnly && <p class="soft">{t(`grid.editor.${hint}`)}</p>}
        {said !== null && said !== wordsNow(page, row, column) && (
          <p class="field-said">{t("row.said", { words: said })}</p>
        )}
        {readOnly && column.curated && <p class="soft">{t("row.readOnly")}</p>}
        <Doubt {...props} />
        {others.map((peer) => (
          <p key={peer.id} class={`person-${peer.colour} field-peer`}>
            {t("row.editing", { name: peer.name })}
          </p>
        ))}
      </div>
    </div>
  );
}

function Doubt({ page, row, column }: FieldProps) {
  const { t, live } = page;
  const cell = live.table.cell(row, column.id);
  const doubt = doubtWords(t, cell, column);
  const address = column.kind === "url" ? webAddress(wordsOf(cell, column, t.lang)) : null;
  return (
    <>
      {doubt !== null && <p class="field-doubt">{doubt}</p>}
      {address !== null && (
        <p>
          <a href={address} target="_blank" rel="noopener noreferrer">
            {t("row.url.open")}
          </a>
        </p>
      )}
    </>
  );
}

function Input(props: InputProps) {
  const { column } = props;
  if (isText(column)) return <TextField {...props} />;
  if (column.kind === "choice" || column.kind === "boolean") return <ChoiceField {...props} />;
  return <WordsField {...props} />;
}

/** A text that several hands write: bound to it letter by letter. */
function TextField({ page, row, column, id, describedBy, readOnly }: InputProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const lineId = useId();
  useReader(page);
  const { live, t } = page;
  const [columnId] = [column.id];
  useEffect(() => {
    if (field.current === null || readOnly) return;
    const bound = new BoundText(field.current, {
      table: live.table,
      row,
      column: columnId,
      refused: setRefusal,
      typed: setTyped,
      wrote: (words) =>
        fillBeside(handOn({ live, t }), { ref: { row, column: columnId }, words, from: null }),
      moved: (at) =>
        live.presence.moveTo(at === null ? null : { row, column: columnId, editing: true, ...at }),
    });
    return () => bound.end();
  }, [live, t, row, columnId, readOnly]);
  const line =
    typed === null
      ? null
      : readerNow()?.lineOf(t, live.table, { ref: { row, column: columnId }, words: typed, from: null });
  const words = wordsOf(live.table.cell(row, column.id), column, t.lang);
  const rows = column.kind === "long_text" ? 5 : 2;
  return (
    <>
      {/* Uncontrolled while it is bound: the binding moves letters without moving the caret. */}
      <textarea
        id={id}
        ref={field}
        rows={rows}
        readOnly={readOnly}
        aria-describedby={`${lineId} ${describedBy}`}
        {...(readOnly ? { value: words } : {})}
      />
      <Reads id={lineId} line={line} />
      {refusal !== null && (
        <p class="field-doubt" role="alert">
          {t("row.text.refused", { reason: reasonWords(t, refusal) })}
        </p>
      )}
    </>
  );
}

const NONE = "";

function ChoiceField({ page, row, column, id, describedBy, readOnly }: InputProps) {
  const { live, t } = page;
  const { value } = live.table.cell(row, column.id);
  const yesNo = column.kind === "boolean";
  const now = yesNo ? (typeof value === "boolean" ? String(value) : NONE) : String(value ?? NONE);
  const options = yesNo
    ? [
        { id: "true", label: t("value.yes") },
        { id: "false", label: t("value.no") },
      ]
    : offered(column, [now], t.lang);
  const unknown = now !== NONE && !options.some((option) => option.id === now);
  const choose = (chosen: string) => {
    live.table.endStep();
    live.table.setValue(row, column.id, chosen === NONE ? null : yesNo ? chosen === "true" : chosen);
    live.table.endStep();
  };
  return (
    <select
      id={id}
      value={now}
      disabled={readOnly}
      aria-describedby={describedBy}
      onFocus={() => live.presence.moveTo({ row, column: column.id, editing: true })}
      onBlur={() => live.presence.moveTo(null)}
      onChange={({ currentTarget }) => choose(currentTarget.value)}
    >
      <option value={NONE}>{t(yesNo ? "value.unknown" : "row.choice.none")}</option>
      {options.map((option) => (
        <option key={option.id} value={option.id}>
          {option.label}
        </option>
      ))}
      {unknown && <option value={now}>{t("row.choice.unknown", { id: now })}</option>}
    </select>
  );
}

/** Several options: each is ticked by itself, and merges by itself. */
function ChoicesField({ page, row, column, describedBy, readOnly }: InputProps) {
  const { live, t } = page;
  const { value } = live.table.cell(row, column.id);
  const set = optionsSet(value, column);
  const turn = (option: string, on: boolean) => {
    const others = set.filter((one) => one !== option);
    const next = on ? [...others, option] : others;
    live.table.endStep();
    live.table.setValue(
      row,
      column.id,
      next.length === 0 ? null : Object.fromEntries(next.map((one) => [one, true])),
    );
    live.table.endStep();
  };
  return (
    <fieldset aria-describedby={describedBy} disabled={readOnly}>
      <legend>{column.label[t.lang]}</legend>
      {offered(column, set, t.lang).map((option) => (
        <label key={option.id} class="tick">
          <input
            type="checkbox"
            checked={set.includes(option.id)}
            onChange={({ currentTarget }) => turn(option.id, currentTarget.checked)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

/** The options one may choose: those in use, retired ones that are still set, and ids that nobody knows any more. */
function offered(column: Column, set: readonly string[], lang: "fr" | "en") {
  const known = column.options.filter(({ id, archived }) => archived !== true || set.includes(id));
  const unknown = set.filter((id) => id !== NONE && !column.options.some((option) => option.id === id));
  return [...known.map(({ id }) => id), ...(column.kind === "choices" ? unknown : [])].map((id) => ({
    id,
    label: optionLabel(column, id, lang),
  }));
}
