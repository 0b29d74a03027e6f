/** French as the server's own pages set it: curved apostrophes, and no line that begins with punctuation. */
export function typesetFrench(words: string): string {
  return words
    .replaceAll("'", "’")
    .replace(/ (?=[:»])|(?<=«) /gu, "\u00a0")
    .replace(/ (?=[;!?])/gu, "\u202f");
}
