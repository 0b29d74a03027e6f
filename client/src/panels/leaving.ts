import type { Owner } from "../lib/owner";
import { forgetLast, pageStorage } from "../sync/lastHere";
import { confirm } from "../ui/dialog";
import { toast } from "../ui/toast";
import type { Page } from "./page";

/** Asks before the page is closed, only when something would be lost with it. */
export function guardClosing(page: Page, view: Window, owner: Owner): void {
  owner.listen(view, "pagehide", () => page.live.table.flush());
  owner.listen(view, "beforeunload", (event) => {
    page.live.table.flush();
    if (!page.live.wouldLose) return;
    event.preventDefault();
  });
}

/** Signing out erases what this device keeps; with unsaved edits, only after a question. */
export function guardSignOut(
  page: Page,
  form: HTMLFormElement,
  storage: IDBFactory | undefined,
  owner: Owner,
): void {
  owner.listen(form, "submit", (event) => {
    event.preventDefault();
    void leave(page, () => signOut(form), storage).then((leaves) => {
      if (!leaves) return;
      forgetLast(pageStorage(window), page.live.person);
      location.assign("/");
    });
  });
}

/**
 * The server ends the login first; only then is the device erased. Offline, nothing is: the login would live
 * on, and the edits would be gone.
 */
export async function leave(
  { live, t }: Pick<Page, "live" | "t">,
  endLogin: () => Promise<boolean>,
  storage: IDBFactory | undefined,
): Promise<boolean> {
  live.table.flush();
  // What other tabs have not saved goes with the device, too.
  const unsaved = (await live.unsavedOnDevice()) + live.outbox.asides.length;
  if (!live.isSaved || unsaved > 0) {
    const n = Math.max(1, unsaved);
    const question = t("leave.signOut.unsaved", { n });
    const [go, stay] = [t("leave.signOut.go"), t("leave.signOut.stay")];
    if (!(await confirm(question, go, stay, "danger"))) return false;
  }
  if (!(await endLogin())) {
    toast(t("leave.signOut.failed"), "warn");
    return false;
  }
  live.stop();
  await live.device.erase(storage);
  return true;
}

async function signOut(form: HTMLFormElement): Promise<boolean> {
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(),
      redirect: "manual",
    });
    return answer.type === "opaqueredirect" || answer.ok;
  } catch {
    return false;
  }
}
