/** Apart from `fold.ts`, which only readings need: printing comes with the table. */
export const startsWithCapital = (words: string): boolean => /^\p{Uppercase}/u.test(words);
