// Letters that do not come apart in Unicode, and signs that a hand leaves out when it searches.
const LETTERS: Readonly<Record<string, string>> = {
  œ: "oe",
  æ: "ae",
  ß: "ss",
  ø: "o",
  "’": "'",
  ʼ: "'",
  "‘": "'",
};
const TO_REPLACE = /[œæßø’ʼ‘]/g;
const MARKS = /\p{M}+/gu;
// The dots of inclusive writing, and hyphens nobody sees.
const UNSPOKEN = /[·•‧\u00ad]/g;

/**
 * What remains of a text when accents, case, ligatures and kinds of apostrophe do not matter.
 *
 * Both the words searched for and the words searched in go through it.
 */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(MARKS, "")
    .toLowerCase()
    .replace(UNSPOKEN, "")
    .replace(TO_REPLACE, (letter) => LETTERS[letter] ?? letter);
}
