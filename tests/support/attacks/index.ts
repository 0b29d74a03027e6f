/**
 * What a hostile tab may send through the socket, each by the number of its row in the threat model (A.1).
 *
 * To add one: its line in the file of its subject. `refused` says what the program must answer; a role that may
 * lawfully do it is named in `lawful`, and the attack is then not one.
 */

import { BYTES } from "./bytes.js";
import { HISTORY } from "./history.js";
import { RIGHTS } from "./rights.js";
import type { Attack } from "./scene.js";
import { SHAPES } from "./shapes.js";

export const ATTACKS: readonly Attack[] = [...BYTES, ...HISTORY, ...SHAPES, ...RIGHTS];

export type { Attack, Role, Scene } from "./scene.js";
