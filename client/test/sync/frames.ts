import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Frame } from "../../src/sync/protocol";

const FOLDER = fileURLToPath(new URL("../../../fixtures/frames/", import.meta.url));

/** One file of `fixtures/frames`: the bytes, and what they say. */
export interface FrameFixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly frame: Frame;
}

/** In JSON, bytes stand as hexadecimal. */
interface Written {
  readonly frame: Frame["frame"];
  readonly stateVector?: string;
  readonly update?: string;
  readonly entries?: unknown;
  readonly says?: unknown;
}

export function readFrames(): FrameFixture[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((file) => {
      const name = file.replace(/\.json$/, "");
      const written = JSON.parse(readFileSync(FOLDER + file, "utf8")) as Written;
      const bytes = new Uint8Array(readFileSync(`${FOLDER}${name}.bin`));
      return { name, bytes, frame: fromJson(written) };
    });
}

function fromJson({ stateVector, update, ...rest }: Written): Frame {
  return {
    ...rest,
    ...(stateVector === undefined ? {} : { stateVector: new Uint8Array(Buffer.from(stateVector, "hex")) }),
    ...(update === undefined ? {} : { update: new Uint8Array(Buffer.from(update, "hex")) }),
  } as Frame;
}
