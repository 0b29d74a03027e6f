import { describe, expect, it } from "vitest";
import { translator } from "../../src/i18n/t";
import type { PeerPresence } from "../../src/model/types";
import { peopleIn } from "../../src/panels/presenceList";
import { type Standing, statusName, statusText } from "../../src/panels/status";
import type { Socket } from "../../src/sync/connection";

const t = translator("fr");
const socket = {} as Socket;
const offline = { state: "offline", since: 0 } as const;
const live = { state: "live", socket, savedUpTo: 3 } as const;

const standing = (parts: Partial<Standing>): Standing => ({
  connection: live,
  unsaved: 0,
  isSaved: true,
  wouldLose: false,
  hasDocument: true,
  ...parts,
});

const words = (parts: Partial<Standing>): string => statusText(t, standing(parts));

describe("the words beside the title", () => {
  it("say saved only when everything is", () => {
    expect(words({})).toBe("Enregistré");
    expect(words({ isSaved: false, unsaved: 1 })).toBe("Enregistrement…");
    expect(words({ isSaved: false, unsaved: 0 })).toBe("Enregistrement…");
  });

  it("say how much is kept without a network, and where", () => {
    expect(words({ connection: offline })).toBe("Hors ligne");
    expect(words({ connection: offline, unsaved: 1, isSaved: false })).toBe(
      "Hors ligne\u00a0: 1 modification gardée sur cet appareil",
    );
    expect(words({ connection: offline, unsaved: 3, isSaved: false })).toBe(
      "Hors ligne\u00a0: 3 modifications gardées sur cet appareil",
    );
    expect(words({ connection: offline, unsaved: 3, isSaved: false, wouldLose: true })).toBe(
      "Hors ligne\u00a0: 3 modifications, perdues si vous fermez cette page",
    );
  });

  it("do not call a short break offline, nor a long one a reconnection", () => {
    expect(words({ connection: { state: "connecting", attempt: 1 } })).toBe("Reconnexion…");
    expect(words({ connection: { state: "connecting", attempt: 1 }, hasDocument: false })).toBe("Connexion…");
    expect(words({ connection: { state: "connecting", attempt: 5 }, unsaved: 2, isSaved: false })).toBe(
      "Hors ligne\u00a0: 2 modifications gardées sur cet appareil",
    );
    expect(words({ connection: { state: "syncing", socket } })).toBe("Mise à jour…");
  });

  it("promise at the end of a login only what can be kept", () => {
    const ended = { state: "ended", why: "login" } as const;

    expect(words({ connection: ended })).toBe("Connexion terminée\u00a0: reconnectez-vous, rien n’est perdu");
    expect(words({ connection: ended, wouldLose: true })).toContain("copiez");
  });

  it("send nobody to sign in again who would find the same door closed", () => {
    expect(words({ connection: { state: "ended", why: "role" } })).toBe(
      "Vous n’avez plus accès à cette table",
    );
  });

  it("have a name for tests and styles", () => {
    expect(statusName(standing({}))).toBe("saved");
    expect(statusName(standing({ isSaved: false }))).toBe("saving");
    expect(statusName(standing({ connection: offline }))).toBe("offline");
  });
});

describe("the people who are here", () => {
  const peer = (parts: Partial<PeerPresence>): PeerPresence => ({
    id: 1,
    name: "Léa",
    colour: 0,
    person: 1,
    self: false,
    at: null,
    ...parts,
  });

  it("are counted once however many tabs they have, ourselves last", () => {
    const editing = { row: "a", column: "b", editing: true };
    const people = peopleIn([
      peer({ id: 1, person: 1, name: "Léa", self: true }),
      peer({ id: 2, person: 1, name: "Léa" }),
      peer({ id: 3, person: 3, name: "Nour" }),
      peer({ id: 4, person: 3, name: "Nour", at: editing }),
      peer({ id: 5, person: 2, name: "Émile" }),
    ]);

    expect(people.map(({ name }) => name)).toEqual(["Émile", "Nour", "Léa"]);
    expect(people[1]?.at).toEqual(editing);
    expect(people[2]?.self).toBe(true);
  });
});
