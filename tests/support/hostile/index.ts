/** All files that want to hurt a reader, made when they are asked for; none is kept. */

import { harmless as harmlessOds, sheets } from "./ods.js";
import { harmless as harmlessTexts, texts } from "./text.js";
import { books, harmless as harmlessXls } from "./xls.js";
import { excesses, harmless as harmlessXlsx, lies } from "./xlsx.js";

export interface HostileFile {
  readonly name: string;
  /** What looks bad and harms nobody is read. */
  readonly outcome: "refused" | "read";
  readonly make: () => Buffer;
}

/** The files. `canary` is a file that must not be read, `listener` an address that nobody may call. */
export function hostileFiles(canary: string, listener: string): HostileFile[] {
  const of = (outcome: HostileFile["outcome"], makers: Record<string, () => Buffer>) =>
    Object.entries(makers).map(([name, make]) => ({ name, outcome, make }));
  return [
    ...of("refused", excesses()),
    ...of("refused", lies(canary, listener)),
    ...of("refused", sheets(canary)),
    ...of("refused", books()),
    ...of("refused", texts()),
    ...of("read", harmlessXlsx(canary, listener)),
    ...of("read", harmlessOds()),
    ...of("read", harmlessXls()),
    ...of("read", harmlessTexts()),
  ];
}
