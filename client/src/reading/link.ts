/** Links: addresses of the web, safe to follow, as the person gave them. The mirror of `domain::reading::link`. */
import { isAlphanumeric } from "./fold";
import { type Doubt, doubting, keeping, type Reading, sure, unread } from "./reading";

const WHITE = /\p{White_Space}/u;

/** Reads the address of a page. Only `http` and `https`, never with a name or password inside. */
export function link(words: string): Reading {
  const pieces = words.split(/\p{White_Space}+/u).filter((piece) => piece !== "");
  const bares = pieces.map(bare);
  const candidates = bares.filter(looksLike);
  const [first, ...more] = candidates;
  if (first === undefined) {
    // An address with spaces inside is still one address.
    return looksLike(words) ? one(words, words) : refused(words);
  }
  if (more.length === 0 && hasSpacesInside(pieces)) return one(words, words);
  const reading = one(first, words);
  const doubts: Doubt[] = more.map((other) => ({ why: "several-links", words: other }));
  const joins = (word: string): boolean =>
    !Array.from(word).some(isAlphanumeric) || ["et", "ou", "puis"].includes(word);
  const besides = bares.filter((word) => !looksLike(word) && !joins(word));
  if (besides.length > 0 && reading.value !== null) {
    doubts.push({ why: "unknown-words", words: besides.join(" ") });
  }
  return { ...reading, doubts: [...reading.doubts, ...doubts] };
}

const FILES = [".html", ".htm", ".pdf", ".php", ".aspx"];

/** `https://x.fr/du école/page.html`: the words behind the first go on like an address. */
function hasSpacesInside(pieces: readonly string[]): boolean {
  const last = pieces.at(-1) ?? "";
  if (pieces.length < 2 || !pieces[0]?.toLowerCase().startsWith("http")) return false;
  const goesOn = last.includes("/") || FILES.some((file) => last.toLowerCase().endsWith(file));
  return goesOn && !last.startsWith("(") && !last.startsWith("/");
}

const SHAPE =
  /^(https?:\/\/\P{White_Space}|www\.\P{White_Space}+\.\P{White_Space}|[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(\/\P{White_Space}*)?$)/iu;

/** Whether the words look like an address at all. */
const looksLike = (words: string): boolean =>
  (SHAPE.test(words) && !words.includes("@")) || words.toLowerCase().startsWith("http");

const bare = (word: string): string => {
  let [from, to] = [0, word.length];
  while (from < to && '<("«“'.includes(word[from] ?? "")) from += 1;
  while (to > from && '>)"»”,;'.includes(word[to - 1] ?? "")) to -= 1;
  return word.slice(from, to);
};

/** Addresses that lead to another one. */
const SHORTENERS = "bit.ly tinyurl.com t.co goo.gl ow.ly lnkd.in urlr.me is.gd buff.ly cutt.ly".split(" ");

function one(address: string, words: string): Reading {
  const lower = address.toLowerCase();
  const hasScheme = lower.startsWith("http://") || lower.startsWith("https://");
  const whole = hasScheme ? address : `https://${address}`;
  if (!URL.canParse(whole)) return unread(words, "not-a-link");
  const url = new URL(whole);
  if (url.protocol !== "http:" && url.protocol !== "https:") return unread(words, "scheme-not-allowed");
  if (url.username !== "" || url.password !== "") return unread(words, "link-with-password");
  if (!/[.:]/.test(url.hostname)) return unread(words, "not-a-link");
  const dropped = dropTracking(url);
  const ascii = !/[^\0-\x7f]/.test(whole);
  const value = dropped.length === 0 && ascii && !WHITE.test(whole) ? whole : url.href;
  let reading = sure(value);
  if (!ascii || WHITE.test(whole)) reading = doubting(reading, "address-rewritten", address);
  if (value !== words) reading = keeping(reading, words);
  if (SHORTENERS.includes(url.hostname)) reading = doubting(reading, "short-link", address);
  return { ...reading, doubts: [...reading.doubts, ...dropped] };
}

/** Takes the marks of campaigns out of an address and says which they were. */
function dropTracking(url: URL): Doubt[] {
  const pairs = url.search.slice(1).split("&");
  const isMark = (pair: string): boolean => pair.toLowerCase().startsWith("utm_");
  const marks = pairs.filter(isMark);
  if (marks.length > 0) url.search = pairs.filter((pair) => !isMark(pair)).join("&");
  return marks.map((words) => ({ why: "tracking-dropped", words }));
}

const refused = (words: string): Reading =>
  unread(words, /^[a-z][a-z0-9+.-]*:/iu.test(words) ? "scheme-not-allowed" : "not-a-link");
