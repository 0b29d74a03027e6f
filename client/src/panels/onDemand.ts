import { useEffect, useReducer } from "preact/hooks";
import { loadReader } from "../commands/reader";
import { loadAskedTexts, type Translate } from "../i18n/t";
import type { Owner } from "../lib/owner";
import { toast } from "../ui/toast";
import type { Page } from "./page";

type Asked = typeof import("./asked");

let loaded: Asked | null = null;
let loading: Promise<Asked> | null = null;

/** Fetches the rest of the script once; after a failure it can be asked for again. */
async function load({ lang }: Translate): Promise<Asked> {
  loading ??= Promise.all([import("./asked"), loadAskedTexts(lang)]).then(([asked]) => asked);
  try {
    loaded = await loading;
    return loaded;
  } catch (cause) {
    loading = null;
    throw cause;
  }
}

/** Fetches the rest of the script when there is nothing better to do, so that it opens at once and offline. */
export function fetchAhead(page: Page, owner: Owner): void {
  owner.after(1_000, () => {
    void load(page.t).then(
      (asked) => asked.joinMenu(page),
      () => {},
    );
    void loadReader(page.t).catch(() => {});
  });
}

/** Does something with what is loaded on demand; without a network to load it from, says so. */
export async function ask(page: Pick<Page, "t">, run: (asked: Asked) => unknown): Promise<void> {
  let asked: Asked;
  try {
    asked = await load(page.t);
  } catch {
    toast(page.t("load.part"), "warn");
    return;
  }
  await run(asked);
}

/** The parts that are drawn inside the page, once they are loaded; asked for only where `wanted`. */
export function useAsked(page: Pick<Page, "t">, wanted: boolean): Asked | null {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    if (wanted && loaded === null) void ask(page, () => draw(undefined));
  }, [page, wanted]);
  return wanted ? loaded : null;
}
