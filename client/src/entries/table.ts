/// <reference types="vite/client" />
/** The live table: finds `#table`, opens what the device kept, draws it, and opens the line. */
import "../styles/panels.css";
import { Grid } from "../grid/grid";
import { hearWhenNowhere } from "../grid/nowhere";
import { langOf, loadTranslator, translator } from "../i18n/t";
import { make } from "../lib/dom";
import { Owner } from "../lib/owner";
import { mountApp } from "../panels/app";
import { guardClosing, guardSignOut } from "../panels/leaving";
import { hearNews } from "../panels/news";
import { ask, fetchAhead } from "../panels/onDemand";
import { Page } from "../panels/page";
import { standingOf } from "../panels/stateLine";
import { statusName } from "../panels/status";
import { SEARCH_ID } from "../panels/toolbar";
import { browserWorld, socketUrl } from "../sync/browser";
import { Device } from "../sync/device";
import { forgetLast, type LastHere, lastHere, NOBODY, pageStorage, rememberLast } from "../sync/lastHere";
import { LiveTable } from "../sync/liveTable";
import { watchAttention } from "../sync/presence";
import type { Hello } from "../sync/protocol";
import { toast } from "../ui/toast";

async function start(host: HTMLElement): Promise<void> {
  const { table = "", live: path = `/live/${table}`, lang } = host.dataset;
  const here = await whoIsHere(host, table);
  if (here === undefined) {
    await sayNobody(host);
    return;
  }
  const t = await loadTranslator(langOf(lang));
  const owner = new Owner();
  const storage = window.indexedDB as IDBFactory | undefined;
  const device = await Device.open(storage, here.person, table);
  const address = { url: socketUrl(window.location, path), ...here };
  const live = await LiveTable.open(address, browserWorld(window, { live: path, table }), device);
  const page = new Page(live, t, table, owner);
  host.replaceChildren();
  mountApp(host, { page, mountGrid: (place) => mountGrid(page, place, host) });
  const tellState = () => {
    host.dataset.state = statusName(standingOf(page));
  };
  owner.add(page.told.on(tellState));
  tellState();
  watchAttention(document, live.presence, owner);
  hearNews(page, owner);
  fetchAhead(page, owner);
  guardClosing(page, window, owner);
  const signOut = document.querySelector<HTMLFormElement>(".site-sign-out");
  if (signOut !== null) guardSignOut(page, signOut, storage, owner);
  rememberWhoIsHere(live, table, owner);
  if (host.dataset.offline !== undefined) {
    void ask(page, (asked) => asked.headerWhenBack(page, storage, owner));
  }
  live.start();
  // Built pages only: a worker that outlives its server would answer for the next one.
  if (import.meta.env.PROD) keepShell();
}

/** The page says who is here; the kept one, which names nobody, leaves it to the device. */
async function whoIsHere(
  host: HTMLElement,
  table: string,
): Promise<Pick<LastHere, "person" | "role"> | undefined> {
  const { offline, person = "", role } = host.dataset;
  if (offline !== undefined) {
    // Since then somebody signed out, or in, on another page.
    if (await caches.has(NOBODY)) return undefined;
    const last = lastHere(pageStorage(window));
    return last?.table === table ? last : undefined;
  }
  return { person: Number(person), role: role === "pilot" || role === "admin" ? role : "member" };
}

/** In both languages: the kept page does not know whose it is. */
async function sayNobody(host: HTMLElement): Promise<void> {
  const said = await Promise.all(
    (["fr", "en"] as const).map(async (lang) => {
      const t = await loadTranslator(lang);
      return make("p", { lang }, t("load.nobody"));
    }),
  );
  host.replaceChildren(...said);
  host.dataset.state = "nobody";
}

/** For the next time without a network; whoever's login ends here is not here any more. */
function rememberWhoIsHere(live: LiveTable, table: string, owner: Owner): void {
  const storage = pageStorage(window);
  let told: Hello | null = null;
  owner.add(
    live.changes.on(() => {
      if (live.line.state.state === "ended") forgetLast(storage, live.person);
      else if (live.me !== null && live.me !== told) {
        told = live.me;
        const { person, role, name } = live.me;
        rememberLast(storage, { person, role, name, table });
        // Not everywhere: only where the connection is safe.
        void (window.caches as CacheStorage | undefined)?.delete(NOBODY);
      }
    }),
  );
}

/** Where there is no network the table opens all the same. Browsers that cannot keep it lose only that. */
function keepShell(): void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  workers?.register("/sw.js", { scope: "/" }).catch(() => {});
}

/** Puts the grid into its place, and tells the rest of the page how to reach it. */
function mountGrid(page: Page, place: HTMLElement, host: HTMLElement): () => void {
  const { live, t } = page;
  const grid = new Grid(place, {
    table: live.table,
    presence: live.presence,
    t,
    label: t("table.label"),
    commands: page.commands,
    onOpenRow: (row) => {
      page.open = { what: "row", row };
    },
    onOpenHistory: ({ row, column }) => {
      page.open = { what: "history", row, column, fromRow: false };
    },
    onHelp: () => void ask(page, (asked) => asked.openShortcuts(t)),
    onSearch: () => document.getElementById(SEARCH_ID)?.focus(),
    onNotice: (words, kind = "warn") => toast(words, kind),
    onState: () => page.tell(),
  });
  const owner = new Owner();
  hearWhenNowhere(grid, owner);
  page.grid = {
    run: (command) => void grid.run(command),
    search: (words) => grid.setQuery({ search: words }),
    counts: () => ({ shown: grid.count.shown, total: grid.count.total }),
    goTo: (row, column) => {
      if (!grid.goTo(row, column) && !grid.goTo(row)) grid.focus();
    },
    focus: () => grid.focus(),
  };
  page.tell();
  host.dataset.ready = "";
  return () => {
    delete host.dataset.ready;
    page.grid = null;
    owner.end();
    grid.end();
  };
}

const host = document.getElementById("table");
if (host !== null) {
  start(host).catch((cause: unknown) => {
    // Perhaps the very texts could not be loaded: the French ones are always here.
    host.textContent = translator("fr")("load.broken");
    host.dataset.state = "broken";
    throw cause;
  });
}
