import type { Owner } from "../lib/owner";
import { whenQuiet } from "../lib/schedule";
import type { Overtaken } from "../sync/overtaken";
import { toast } from "../ui/toast";
import { ask } from "./onDemand";
import type { Page } from "./page";

/** A paste that met another's loses many cells in one moment: they are told as one. */
const TOGETHER_MS = 400;

/** Tells what others did to the table or to what was written here: politely, and never a thing twice. */
export function hearNews(page: Page, owner: Owner): void {
  const { t, live } = page;
  let overtaken: Overtaken[] = [];
  const tell = whenQuiet(TOGETHER_MS, () => {
    const told = overtaken;
    overtaken = [];
    const see = {
      words: t("overtaken.see"),
      run: () => void ask(page, (it) => it.openOvertaken(page, told)),
    };
    toast(overtakenWords(page, told), "warn", [see]);
  });
  owner.add(() => tell.cancel());
  owner.add(
    live.overtaken.on((news) => {
      overtaken.push(news);
      tell.ask();
    }),
  );
  owner.add(
    live.notices.on(({ key, by, cells = 0 }) => {
      if (key !== "restored" && key !== "imported") return;
      if (cells === 0 || page.isOwnNotice(by ?? null)) return;
      toast(t(`notice.${key}`, { name: by ?? t("notice.someone"), n: cells }));
    }),
  );
}

function overtakenWords({ t }: Page, told: readonly Overtaken[]): string {
  const [first] = told;
  if (told.length > 1) return t("overtaken.many", { n: told.length });
  return first === undefined || first.by === null
    ? t("overtaken.someone")
    : t("overtaken.by", { name: first.by });
}
