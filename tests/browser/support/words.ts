/** Words of a file, and whether they stand somewhere: whatever mending of letters an import may do, and no more. */

/** Put between the items of a list; they say nothing by themselves. */
const SEPARATORS = /^[;,/•|]+|[;,/•|]+$/g;

/** The words of a text, without separators at their ends. */
export function wordsOf(text: string): string[] {
  return text
    .normalize("NFC")
    .replace(/(\d)[\s,](?=\d{3}(?!\d))/g, "$1")
    .split(/\s+/)
    .map((word) => word.replace(SEPARATORS, ""))
    .filter((word) => word !== "");
}

/** The letters of a code page by what they show, to undo a wrong reading. */
function codePage(label: string): ReadonlyMap<string, number> {
  const decoder = new TextDecoder(label);
  const letters = Array.from(
    { length: 256 },
    (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte] as const,
  );
  return new Map(letters);
}
const PAGES = ["windows-1250", "windows-1252"].map(codePage);

/** `DurĂ©e` as it was before somebody opened it in a wrong code page; null where it was not spoilt. */
function mended(word: string): string | null {
  for (const page of PAGES) {
    const bytes = [...word].map((letter) => page.get(letter));
    if (bytes.includes(undefined) || bytes.every((byte) => (byte ?? 0) < 0x80)) continue;
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes as number[]));
    } catch {}
  }
  return null;
}

/** The words of `text` that stand nowhere in `places`. */
export function missingWords(text: string, places: readonly string[]): string[] {
  const known = new Set(places.flatMap(wordsOf));
  return wordsOf(text).filter((word) => !known.has(word) && !known.has(mended(word) ?? word));
}
