import { ask } from "./onDemand";
import { type Page, useTold } from "./page";

interface Matter {
  readonly key: string;
  readonly words: string;
  readonly urgent?: boolean;
  /** Shows all there is to know, where the words alone do not say it. */
  show?(): void;
  /** Buttons, the main one first. */
  readonly answers: readonly { readonly words: string; readonly main?: boolean; run(): void }[];
}

/**
 * What waits for an answer of this person, above the table: the server that went back, what others changed during an
 * absence, what was refused. Said once to the screen reader, and nothing takes the focus.
 */
export function Matters({ page }: { page: Page }) {
  useTold(page);
  const matters = [wentBack(page), absence(page), refused(page)].filter((one) => one !== null);
  return (
    <>
      {/* Always there: a live region is only heard if it was there before its words. */}
      <div class="unseen" role="status">
        {matters.map(({ words }) => words).join(" ")}
      </div>
      <section class="matters" aria-label={page.t("matters.label")} hidden={matters.length === 0}>
        {matters.map(({ key, words, urgent, show, answers }) => (
          <div key={key} class={urgent ? "matter matter-urgent" : "matter"}>
            <p>
              {show === undefined ? (
                words
              ) : (
                <button type="button" class="quiet" onClick={show}>
                  {words}
                </button>
              )}
            </p>
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
    words: t("wentBack.ask"),
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

function refused(page: Page): Matter | null {
  const { t } = page;
  const asides = page.undecided();
  if (asides.length === 0) return null;
  const ids = asides.map(({ id }) => id);
  return {
    key: "refused",
    words: t("refused.ask", { n: asides.length }),
    show: () => void ask(page, (it) => it.openRefused(page)),
    answers: [
      {
        words: t("refused.propose"),
        main: true,
        run: () => void ask(page, (it) => it.proposeRefused(page, ids)),
      },
      { words: t("refused.keep"), run: () => page.keepAside(ids) },
      { words: t("refused.forget"), run: () => void ask(page, (it) => it.forgetRefused(page, ids)) },
    ],
  };
}
