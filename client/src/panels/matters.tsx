import { useState } from "preact/hooks";
import { ask } from "./onDemand";
import { type Page, useTold } from "./page";

interface Matter {
  readonly key: string;
  readonly words: string;
  readonly urgent?: boolean;
  /** Buttons, the main one first. */
  readonly answers: readonly { readonly words: string; readonly main?: boolean; run(): void }[];
}

/**
 * What waits for an answer of this person, above the table: the server that went back, what others changed during an
 * absence, what was refused. Said once to the screen reader, and nothing takes the focus.
 */
export function Matters({ page }: { page: Page }) {
  useTold(page);
  /** Refused edits that the person chose to keep aside: nobody is asked twice. */
  const [kept, keep] = useState<ReadonlySet<string>>(new Set());
  const matters = [wentBack(page), absence(page), refused(page, kept, keep)].filter((one) => one !== null);
  return (
    <>
      {/* Always there: a live region is only heard if it was there before its words. */}
      <div class="unseen" role="status">
        {matters.map(({ words }) => words).join(" ")}
      </div>
      <section class="matters" aria-label={page.t("matters.label")} hidden={matters.length === 0}>
        {matters.map(({ key, words, urgent, answers }) => (
          <div key={key} class={urgent ? "matter matter-urgent" : "matter"}>
            <p>{words}</p>
            {answers.map((answer) => (
              <button
                key={answer.words}
                type="button"
                class={answer.main ? "primary" : ""}
                onClick={() => {
                  answer.run();
                  page.tell();
                }}
              >
                {answer.words}
              </button>
            ))}
          </div>
        ))}
      </section>
    </>
  );
}

function wentBack(page: Page): Matter | null {
  const { t, live } = page;
  if (live.wentBack === null) return null;
  return {
    key: "went-back",
    words: t("wentBack.ask", { n: live.wentBack.cells.length }),
    urgent: true,
    answers: [
      { words: t("wentBack.choose"), main: true, run: () => void ask(page, (it) => it.openWentBack(page)) },
    ],
  };
}

function absence(page: Page): Matter | null {
  const { t, live } = page;
  const { absence } = live;
  if (absence.length === 0) return null;
  return {
    key: "absence",
    words: t("absence.ask", { n: absence.length }),
    answers: [
      { words: t("absence.see"), main: true, run: () => void ask(page, (it) => it.openAbsence(page)) },
      { words: t("absence.dismiss"), run: () => live.dismissAbsence(absence) },
    ],
  };
}

function refused(
  page: Page,
  kept: ReadonlySet<string>,
  keep: (ids: ReadonlySet<string>) => void,
): Matter | null {
  const { t, live } = page;
  const asides = live.outbox.asides.filter(({ id }) => !kept.has(id));
  if (asides.length === 0) return null;
  const ids = asides.map(({ id }) => id);
  return {
    key: "refused",
    words: t("refused.ask", { n: asides.length }),
    answers: [
      {
        words: t("refused.propose"),
        main: true,
        run: () => void ask(page, (it) => it.proposeRefused(page, ids)),
      },
      { words: t("refused.see"), run: () => void ask(page, (it) => it.openRefused(page)) },
      { words: t("refused.keep"), run: () => keep(new Set([...kept, ...ids])) },
      { words: t("refused.forgetAll"), run: () => void ask(page, (it) => it.forgetRefused(page, ids)) },
    ],
  };
}
