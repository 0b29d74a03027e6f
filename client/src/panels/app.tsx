import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Matters } from "./matters";
import { useAsked } from "./onDemand";
import { type Page, useTold } from "./page";
import { PresenceList } from "./presenceList";
import { StateLine } from "./stateLine";
import { addRow, clearSearch, Toolbar } from "./toolbar";

interface AppProps {
  readonly page: Page;
  /** Puts the grid into its place, and says how to take it out. */
  readonly mountGrid: (host: HTMLElement) => () => void;
}

/** Everything around the grid, and the place where it stands. */
export function mountApp(host: HTMLElement, props: AppProps): () => void {
  render(<App {...props} />, host);
  return () => render(null, host);
}

function App({ page, mountGrid }: AppProps) {
  useTold(page);
  const { live } = page;
  return (
    <>
      <div class="table-head">
        <StateLine page={page} />
        <PresenceList page={page} />
      </div>
      <Toolbar page={page} />
      <Matters page={page} />
      <div class="table-stage">
        {live.hasDocument ? <GridPlace page={page} mountGrid={mountGrid} /> : <Waiting page={page} />}
        <Beside page={page} />
      </div>
    </>
  );
}

/** What is open beside the grid: one row, or the history of a cell. */
function Beside({ page }: { page: Page }) {
  useTold(page);
  const { open } = page;
  const asked = useAsked(page, open !== null);
  if (open === null || asked === null) return null;
  const { RowPanel, HistoryPanel } = asked;
  if (open.what === "row") return <RowPanel key={`row ${open.row}`} page={page} row={open.row} />;
  return <HistoryPanel key={`history ${open.row} ${open.column}`} page={page} open={open} />;
}

function GridPlace({ page, mountGrid }: AppProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => (place.current === null ? undefined : mountGrid(place.current)), [mountGrid]);
  const { t, live, grid } = page;
  const { table } = live;
  const empty = table.rowIds().length === 0;
  const nothingFound = !empty && page.search.trim() !== "" && grid?.counts().shown === 0;
  return (
    <div class="grid-place">
      {empty && (
        <div class="table-empty">
          <p>{t("load.empty")}</p>
          <button type="button" class="primary" onClick={() => addRow(page)}>
            {t("load.empty.add")}
          </button>
        </div>
      )}
      {nothingFound && (
        <div class="table-empty">
          <p>{t("toolbar.search.none")}</p>
          <button type="button" onClick={() => clearSearch(page)}>
            {t("toolbar.search.clear")}
          </button>
        </div>
      )}
      {/* The grid owns what is in here; nothing of ours is ever drawn into it. */}
      <div class="grid-host" ref={place} />
    </div>
  );
}

/** Before there is a table to show: the first time on this device, until the server has answered. */
function Waiting({ page }: { page: Page }) {
  const { t, live } = page;
  const { state } = live.line.state;
  const words =
    state === "ended"
      ? t(live.line.state.why === "role" ? "state.ended.role" : "load.login")
      : state === "offline"
        ? t(navigator.onLine ? "load.failed" : "load.offline")
        : t("load.waiting");
  return (
    <div class="table-waiting">
      <p>{words}</p>
    </div>
  );
}
