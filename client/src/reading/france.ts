// Words alone, without what tells signs apart: printing comes with the table, and asks this too.
const FRANCE =
  /(?<![\p{L}\p{N}])(?:en|de la|toute la)\s+france(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])france\s+entiere(?![\p{L}\p{N}])/u;

/** Words that say France as a whole, where `Île-de-France` says a part of it. */
export const saysFrance = (words: string): boolean =>
  FRANCE.test(
    words
      .normalize("NFKD")
      .replace(/\p{M}+/gu, "")
      .toLowerCase(),
  );
