/** A random afternoon at one table, as data: it can be saved, cut down by hand and lived again. */

/** Who sits where. The first four are tabs of ours; Nour has two in one browser; the last is a stock provider. */
export const CAST = [
  { name: "Léa", role: "pilot" },
  { name: "Nour", role: "member" },
  { name: "Nour", role: "member" },
  { name: "Sacha", role: "member" },
  { name: "Camille", role: "member" },
] as const;
export const STOCK = 4;
const OURS = 4;

export const TEXTS = ["intitule", "resume", "organisme"] as const;
export const SCALARS = ["effectif_min", "effectif_max", "code_rs"] as const;
export const LISTS = ["lieux", "themes"] as const;

export type Standing = "pilot" | "member" | "visitor";

/**
 * One step. `row` counts in the tab's own list of rows, `at` is a place in a text between 0 and 1; numbers that
 * are not there are taken around. `pause` lets the network go on for so many turns after the step.
 */
export type Step = { readonly pause: number } & (
  | {
      readonly step: "types";
      readonly who: number;
      readonly row: number;
      readonly column: number;
      readonly at: number;
      readonly letters: number;
      /** As an editor does that asks for the shared text first. */
      readonly opens: boolean;
    }
  | {
      readonly step: "erases";
      readonly who: number;
      readonly row: number;
      readonly column: number;
      readonly at: number;
    }
  | { readonly step: "sets"; readonly who: number; readonly row: number; readonly column: number }
  | { readonly step: "publishes"; readonly who: number; readonly row: number }
  | { readonly step: "lists"; readonly who: number; readonly row: number; readonly column: number }
  | { readonly step: "adds-row"; readonly who: number; readonly letters: number }
  | { readonly step: "bins"; readonly who: number; readonly row: number }
  | { readonly step: "undoes" | "redoes"; readonly who: number }
  | { readonly step: "goes-offline" | "comes-back" | "reloads"; readonly who: number }
  | { readonly step: "gets-role"; readonly who: number; readonly role: Standing }
  | { readonly step: "server-is-killed" | "server-starts" | "server-restarts" }
  | { readonly step: "imports"; readonly letters: number }
  | { readonly step: "restores-row"; readonly row: number; readonly back: number }
  | { readonly step: "restores-moment"; readonly back: number }
  | { readonly step: "quiet" }
);

export interface Plan {
  readonly seed: number;
  readonly steps: readonly Step[];
}

/** A small generator of chance: the same seed, the same afternoon. */
export function chance(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

/** What some afternoons have and others have not: in most of them the oracle stays sharp. */
interface Weather {
  readonly undo: boolean;
  readonly roles: boolean;
  readonly kills: boolean;
  readonly restarts: boolean;
  readonly imports: boolean;
  readonly restores: boolean;
}

export function planOf(seed: number): Plan {
  const dice = chance(seed);
  const weather: Weather = {
    undo: dice(3) === 0,
    roles: dice(5) === 0,
    kills: dice(3) === 0,
    restarts: dice(6) === 0,
    imports: dice(8) === 0,
    restores: dice(4) === 0,
  };
  const length = 20 + dice(41);
  const steps: Step[] = [];
  while (steps.length < length) steps.push(...next(dice, weather));
  return { seed, steps };
}

function next(dice: (sides: number) => number, weather: Weather): Step[] {
  const pause = [0, 0, 0, 1, 2, 4, 8, 20][dice(8)] ?? 0;
  const who = dice(CAST.length);
  const ours = dice(OURS);
  const [row, column, at] = [dice(4), dice(3), dice(100) / 100];
  const roll = dice(100);
  if (roll < 34) {
    const letters = 1 + dice(4);
    return [{ step: "types", who, row, column, at, letters, opens: dice(2) === 0, pause }];
  }
  if (roll < 40) return [{ step: "erases", who, row, column, at, pause }];
  if (roll < 52) return [{ step: "sets", who, row, column, pause }];
  if (roll < 55) return [{ step: "publishes", who: ours, row, pause }];
  if (roll < 63) return [{ step: "lists", who, row, column: dice(LISTS.length), pause }];
  if (roll < 67) return [{ step: "adds-row", who, letters: dice(4), pause }];
  if (roll < 69) return [{ step: "bins", who: ours, row, pause }];
  if (roll < 76) return [{ step: "goes-offline", who, pause }];
  if (roll < 84) return [{ step: "comes-back", who, pause }];
  if (roll < 87) return [{ step: "reloads", who: ours, pause }];
  if (roll < 90) return [{ step: "quiet", pause }];
  return rare(dice, weather, { who: ours, row, pause });
}

/** What does not happen on every afternoon. Where nothing of it may happen, people rest. */
function rare(
  dice: (sides: number) => number,
  weather: Weather,
  { who, row, pause }: { who: number; row: number; pause: number },
): Step[] {
  const may: Step[] = [];
  if (weather.undo) may.push({ step: dice(3) === 0 ? "redoes" : "undoes", who, pause });
  const role = (["visitor", "member", "pilot"] as const)[dice(3)] ?? "member";
  if (weather.roles) may.push({ step: "gets-role", who, role, pause });
  if (weather.kills) may.push({ step: dice(2) === 0 ? "server-is-killed" : "server-starts", pause });
  if (weather.restarts) may.push({ step: "server-restarts", pause });
  if (weather.imports) may.push({ step: "imports", letters: 1 + dice(3), pause });
  const back = 1 + dice(8);
  if (weather.restores) {
    may.push(
      dice(3) === 0 ? { step: "restores-moment", back, pause } : { step: "restores-row", row, back, pause },
    );
  }
  const step = may[dice(may.length)];
  return step === undefined ? [] : [step];
}
