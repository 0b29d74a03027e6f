/** What people write in a cell instead of a value: `idem`, `à vérifier`, `NC`. The mirror of `domain::reading::sign`. */
import { fold, isWhite, trimmed } from "./fold";
import { oneLine } from "./text";
import { Tokens } from "./token";

const ABOVE = [
  "idem",
  "id",
  '"',
  '""',
  "''",
  "〃",
  "//",
  "-//-",
  "cf. ci-dessus",
  "cf ci-dessus",
  "ci-dessus",
  "voir ci-dessus",
  "meme chose",
  "idem ci-dessus",
];

/** Whether the words point to the row above. */
export const refersAbove = (words: string): boolean =>
  ABOVE.includes(trimmed(fold(words), (sign) => ". ()".includes(sign)));

const SUBJECTS = ["dates", "date", "lieu", "lieux", "prix", "tarif", "tarifs", "duree"];
const UNKNOWN = [
  "a definir",
  "a preciser",
  "a determiner",
  "a venir",
  "a programmer",
  "prochainement",
  "communique prochainement",
  "communiquees prochainement",
  "en attente",
  "non communique",
  "non precise",
  "non precisee",
  "tbd",
  "tba",
  "variable",
  "cf. site",
  "cf site",
  "cf. le site",
  "voir site",
  "voir le site",
];

/** Whether the words only say that the thing was not known when they were written. */
export function notYetKnown(words: string): boolean {
  const bare = trimmed(fold(words), (sign) => ". ():![]…".includes(sign));
  const subject = SUBJECTS.find((subject) => bare.startsWith(`${subject} `));
  return UNKNOWN.includes(subject === undefined ? bare : bare.slice(subject.length + 1));
}

const NOTHING = ["nc", "n.c.", "n.c", "n/a", "na", "nr", "n.r.", "tbd", "xxx"];

/** Whether the words are a sign for "nothing is known". */
export function saysNothing(words: string): boolean {
  const folded = fold(words);
  return /^[-?/._ ]+$/.test(folded) || NOTHING.includes(folded);
}

const ASKS = ["a verifier", "a confirmer", "a revoir", "a valider", "a recontroler"];

/**
 * What is left of words in which someone asks for a check, and the words that ask. A name may stand beside a `todo`; it
 * belongs to what is taken out.
 */
export function checkAsked(words: string): { rest: string; asks: string } | null {
  const tokens = new Tokens(words);
  for (let at = 0; at < tokens.length; at += 1) {
    const behind = behindAsking(tokens, at);
    if (behind === null) continue;
    const within = tokens.mark(at - 1) === "(" && tokens.closing(at - 1) === behind;
    const [from, to] = within ? [at - 1, behind + 1] : [at, behind];
    const around = `${tokens.slice(0, from)}\n${tokens.slice(to, tokens.length)}`;
    const rest = trimmed(around, (sign) => isWhite(sign) || ":,-–;".includes(sign));
    // Words on both sides: one line again, as far as they were.
    return { rest: words.includes("\n") ? rest : oneLine(rest), asks: tokens.slice(from, to) };
  }
  return null;
}

function behindAsking(tokens: Tokens, at: number): number | null {
  if (tokens.word(at) === "todo") {
    let open = at - 1;
    while (open >= 0 && tokens.mark(open) !== "(") open -= 1;
    return tokens.closing(open) ?? tokens.length;
  }
  if (tokens.mark(at) === "?" && tokens.mark(at + 1) === "?") {
    let behind = at;
    while (tokens.mark(behind) === "?") behind += 1;
    return behind;
  }
  return tokens.phraseOf(at, ...ASKS);
}

/** Whether there is anything but marks in the words. */
export function hasWords(words: string): boolean {
  const tokens = new Tokens(words);
  for (let at = 0; at < tokens.length; at += 1) if (!tokens.isMark(at)) return true;
  return false;
}
