import type { Owner } from "../lib/owner";
import { whenQuiet } from "../lib/schedule";
import type { Overtaken } from "../sync/overtaken";
import { ask } from "./onDemand";
import type { Page } from "./page";

/** A paste that met another's loses many cells in one moment: they are told as one. */
const TOGETHER_MS = 400;

/** Hears what others did to the table or to what was written here, and has it told: politely, and nothing twice. */
export function hearNews(page: Page, owner: Owner): void {
  const { live } = page;
  let overtaken: Overtaken[] = [];
  const tell = whenQuiet(TOGETHER_MS, () => {
    const told = overtaken;
    overtaken = [];
    void ask(page, (it) => it.tellOvertaken(page, told));
  });
  owner.add(() => tell.cancel());
  owner.add(
    live.overtaken.on((news) => {
      overtaken.push(news);
      tell.ask();
    }),
  );
  owner.add(
    live.notices.on((notice) => {
      if (notice.key === "restored" && page.isOwnNotice(notice.by ?? null)) return;
      void ask(page, (it) => it.tellNotice(page, notice));
    }),
  );
}
