import type { PeerPresence } from "../model/types";
import { type Page, useTold } from "./page";

const MOST_NAMES = 8;

/** Who is here: one entry for each person, however many tabs; ourselves last. */
export function peopleIn(peers: readonly PeerPresence[]): PeerPresence[] {
  const people = new Map<number, PeerPresence>();
  for (const peer of peers) {
    const known = people.get(peer.person);
    const better = known === undefined || (known.at?.editing !== true && peer.at !== null) || peer.self;
    if (better) people.set(peer.person, peer);
  }
  return [...people.values()].sort(
    (a, b) => Number(a.self) - Number(b.self) || a.name.localeCompare(b.name, "fr") || a.person - b.person,
  );
}

export function PresenceList({ page }: { page: Page }) {
  useTold(page);
  const { t, live } = page;
  const people = peopleIn(live.presence.peers());
  if (people.length === 0) return null;
  const shown = people.slice(0, MOST_NAMES);
  return (
    <section class="people" aria-label={t("presence.label")}>
      <p class="people-count">{t("presence.count", { n: people.length })}</p>
      <ul>
        {shown.map((peer) => (
          <li key={peer.person} class={`person person-${peer.colour}`}>
            <span class="person-initial" aria-hidden="true">
              {[...peer.name][0]?.toLocaleUpperCase("fr")}
            </span>
            <span class="person-name">{nameOf(page, peer)}</span>
          </li>
        ))}
      </ul>
      {people.length > shown.length && <p>{t("presence.more", { n: people.length - shown.length })}</p>}
    </section>
  );
}

function nameOf({ t, live }: Page, { name, self, at }: PeerPresence): string {
  if (self) return t("presence.you", { name });
  const column = at?.editing === true ? live.table.column(at.column) : undefined;
  return column === undefined ? name : t("presence.editing", { name, column: column.label[t.lang] });
}
