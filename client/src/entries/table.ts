/// <reference types="vite/client" />
/** The live table: finds `#table`, opens what the device kept, draws it, and opens the line. */
import "../styles/panels.css";
import { Grid } from "../grid/grid";
import { hearWhenNowhere } from "../grid/nowhere";
import { langOf, loadTranslator, translator } from "../i18n/t";
import { Owner } from "../lib/owner";
import { apiOf } from "../panels/api";
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
import { LiveTable } from "../sync/liveTable";
import { watchAttention } from "../sync/presence";
import { toast } from "../ui/toast";

async function start(host: HTMLElement): Promise<void> {
  const { table = "", live: path = "", lang, person = "", role } = host.dataset;
  const t = await loadTranslator(langOf(lang));
  const owner = new Owner();
  const storage = window.indexedDB as IDBFactory | undefined;
  const device = await Device.open(storage, Number(person), table);
  const address = {
    url: socketUrl(window.location, path),
    person: Number(person),
    role: role === "pilot" || role === "admin" ? role : "member",
  } as const;
  const live = await LiveTable.open(address, browserWorld(window, { live: path, table }), device);
  const page = new Page(live, t, apiOf(table), owner);
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
  live.start();
}

/** Puts the grid into its place, and tells the rest of the page how to reach it. */
function mountGrid(page: Page, place: HTMLElement, host: HTMLElement): () => void {
  const { live, t } = page;
  const grid = new Grid(place, {
    table: live.table,
    presence: live.presence,
    t,
    label: t("table.label"),
    onOpenRow: (row) => {
      page.open = { what: "row", row };
    },
    onOpenHistory: ({ row, column }) => {
      page.open = { what: "history", row, column, fromRow: false };
    },
    onHelp: () => void ask(page, (asked) => asked.openShortcuts(t)),
    onSearch: () => document.getElementById(SEARCH_ID)?.focus(),
    onNotice: (words) => toast(words, "warn"),
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
