import type { Owner } from "../lib/owner";
import { guardSignOut } from "./leaving";
import type { Page } from "./page";

const HEADER = ".site-header";
const SIGN_OUT = ".site-sign-out";

/**
 * The page that opens without a network names nobody in its header. Once the line is there, the header of the real
 * page takes its place: whoever is signed in sees it, and finds the way out.
 */
export function headerWhenBack(page: Page, storage: IDBFactory | undefined, owner: Owner): void {
  let isThere = false;
  const look = async () => {
    if (isThere || page.live.line.state.state !== "live") return;
    isThere = true;
    isThere = await takeHeader(page, storage, owner);
  };
  owner.add(page.live.changes.on(() => void look()));
  void look();
}

async function takeHeader(page: Page, storage: IDBFactory | undefined, owner: Owner): Promise<boolean> {
  const here = document.querySelector(HEADER);
  const real = (await realPage(page))?.querySelector(HEADER);
  // Without a way out it is the kept page once more: the network went again.
  const signOut = real?.querySelector<HTMLFormElement>(SIGN_OUT);
  if (here === null || real == null || signOut == null) return false;
  here.replaceWith(document.adoptNode(real));
  guardSignOut(page, signOut, storage, owner);
  return true;
}

async function realPage({ t }: Page): Promise<Document | null> {
  try {
    const answer = await fetch(`/table?lang=${t.lang}`, { cache: "no-store" });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}
