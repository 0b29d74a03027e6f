import { act } from "preact/test-utils";
import { translator } from "../../../src/i18n/t";
import { Emitter } from "../../../src/lib/emitter";
import { Owner } from "../../../src/lib/owner";
import type { Result } from "../../../src/lib/result";
import type { TableModel } from "../../../src/model/table";
import {
  type Api,
  type Checks,
  type Entry,
  giveApi,
  type HistoryPage,
  type HistoryQuery,
  type Problem,
  type Restore,
  type Restored,
} from "../../../src/panels/api";
import { type GridActions, Page } from "../../../src/panels/page";
import type { Absence } from "../../../src/sync/absence";
import type { LiveTable } from "../../../src/sync/liveTable";
import type { Aside } from "../../../src/sync/outbox";
import type { Overtaken } from "../../../src/sync/overtaken";
import type { Notice } from "../../../src/sync/protocol";
import type { Suggested } from "../../../src/sync/suggest";
import type { WentBack } from "../../../src/sync/wentBack";
import { EAU, inventory, tableOn } from "../../model/inventory";

/** The live table as the panels see it, with a real table in it and a line that a test holds. */
export class FakeLive {
  readonly table: TableModel;
  readonly changes = new Emitter<void>();
  readonly overtaken = new Emitter<Overtaken>();
  readonly notices = new Emitter<Notice>();
  readonly presence = { peers: () => [], moveTo: () => {}, onChange: () => () => {} };
  readonly device = { keeps: true };
  line: { state: { state: string } } = { state: { state: "live" } };
  isSaved = true;
  hasDocument = true;
  wouldLose = false;
  me = { name: "Léa" };
  absence: readonly Absence[] = [];
  wentBack: WentBack | null = null;
  /** What was asked of it, in order. */
  readonly asked: unknown[] = [];
  answer: Suggested = { stored: 0, failed: null };
  readonly outbox: { asides: readonly Aside[]; unsaved: number; forget(ids: readonly string[]): void };

  constructor(role: "member" | "pilot" = "pilot") {
    this.table = tableOn(inventory(), role);
    this.outbox = {
      asides: [],
      unsaved: 0,
      forget: (ids) => {
        this.outbox.asides = this.outbox.asides.filter(({ id }) => !ids.includes(id));
        this.asked.push(["forget", ids]);
      },
    };
  }

  dismissAbsence(): void {
    this.asked.push("dismiss");
    this.absence = [];
  }

  takeMine(place: unknown): void {
    this.asked.push(["take", place]);
  }

  resolveWentBack(choice: string): void {
    this.asked.push(choice);
  }

  async suggest(ids: readonly string[]): Promise<Suggested> {
    this.asked.push(["suggest", ids]);
    if (this.answer.failed === null) {
      this.outbox.asides = this.outbox.asides.filter(({ id }) => !ids.includes(id));
    }
    return this.answer.failed === null ? { stored: ids.length, failed: null } : this.answer;
  }
}

/** A server whose answers a test gives. */
export class FakeApi implements Api {
  readonly queries: HistoryQuery[] = [];
  readonly restores: (Restore & { dryRun: boolean })[] = [];
  pages: Result<HistoryPage, Problem>[] = [];
  restored: Result<Restored, Problem> = { ok: true, value: { revision: 9, cells: 12, rows: 1, kept: [] } };

  /** What is told of every row, and of which rows it was asked. */
  checked: Result<Checks, Problem> = { ok: false, reason: "broken" };
  readonly checkedRows: string[] = [];

  async checks(row: string): Promise<Result<Checks, Problem>> {
    this.checkedRows.push(row);
    return this.checked;
  }

  async history(query: HistoryQuery): Promise<Result<HistoryPage, Problem>> {
    this.queries.push(query);
    return (this.pages.length > 1 ? this.pages.shift() : this.pages[0]) ?? { ok: false, reason: "broken" };
  }

  async restore(what: Restore, dryRun: boolean): Promise<Result<Restored, Problem>> {
    this.restores.push({ ...what, dryRun });
    return this.restored;
  }

  says(...entries: readonly Entry[]): void {
    this.pages = [{ ok: true, value: { entries, next: null } }];
  }
}

export function pageOn(role: "member" | "pilot" = "pilot") {
  const live = new FakeLive(role);
  const api = new FakeApi();
  const owner = new Owner();
  const page = new Page(live as unknown as LiveTable, translator("fr"), "formations", owner);
  giveApi(page, api);
  const went: string[] = [];
  const grid: GridActions = {
    run: (command) => went.push(command),
    search: () => {},
    counts: () => ({ shown: 2, total: 2 }),
    goTo: (row, column) => went.push(`${row} ${column ?? ""}`.trim()),
    focus: () => went.push("grid"),
  };
  page.grid = grid;
  return { page, live, api, owner, went };
}

/** How long something may take that comes by itself, on a machine that has other things to do. */
export const SOON = { timeout: 10_000 };

let made = 0;

/** One entry of history; what a test does not say is ordinary. The newest is made first. */
export function entry(parts: Partial<Entry>): Entry {
  made += 1;
  return {
    id: 10_000 - made,
    revision: 10_000 - made,
    row: EAU,
    title: "Eau et débat",
    key: "intitule",
    before: null,
    after: null,
    person: 4,
    by: "Nour",
    origin: "table",
    importId: null,
    proposedBy: null,
    at: 1_000_000_000_000 - made * 600_000,
    lost: false,
    ...parts,
  };
}

/** Does something, and lets Preact draw, effects ask, answers come, and Preact draw again. */
export async function drawn(work: () => void = () => {}): Promise<void> {
  await act(work);
  await act(async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  });
}

export function buttons(words: string | RegExp, within: ParentNode = document): HTMLButtonElement[] {
  return [...within.querySelectorAll("button")].filter((button) => {
    const said = button.textContent ?? "";
    return typeof words === "string" ? said === words : words.test(said);
  });
}

export function press(words: string | RegExp, within: ParentNode = document): HTMLButtonElement {
  const [button] = buttons(words, within);
  if (button === undefined) throw new Error(`no button says ${words}`);
  button.click();
  return button;
}
