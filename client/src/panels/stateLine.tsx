import { type Page, useTold } from "./page";
import { type Standing, statusName, statusText } from "./status";

export function standingOf({ live }: Page): Standing {
  const { line, outbox, isSaved, wouldLose, hasDocument } = live;
  return { connection: line.state, unsaved: outbox.unsaved, isSaved, wouldLose, hasDocument };
}

/** What becomes of the edits, in words, at every width. */
export function StateLine({ page }: { page: Page }) {
  useTold(page);
  const { t, live } = page;
  const standing = standingOf(page);
  const name = statusName(standing);
  return (
    <div class="state">
      <p class={`state-words state-${name}`} role="status">
        <span class="state-mark" aria-hidden="true" />
        {statusText(t, standing)}
      </p>
      {standing.connection.state === "ended" && standing.connection.why === "login" && (
        <a class="button primary" href="/connexion">
          {t("state.signIn")}
        </a>
      )}
      {!live.device.keeps && <p class="notice state-device">{t("state.device.absent")}</p>}
    </div>
  );
}
