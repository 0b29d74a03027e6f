/** The address to open for these words, if they are one of the web; anything else must never become a link. */
export function webAddress(words: string): string | null {
  if (!/^https?:\/\//i.test(words) || !URL.canParse(words)) return null;
  const url = new URL(words);
  return url.hostname.includes(".") ? url.href : null;
}
