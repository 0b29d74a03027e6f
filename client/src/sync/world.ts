import type { Role, TableWorld } from "../model/table";
import type { Net } from "./connection";
import type { Tabs } from "./keptDocument";
import type { Propose } from "./suggest";

/** Where the table is, and for whom. */
export interface Address {
  /** Of the WebSocket. */
  readonly url: string;
  readonly person: number;
  readonly role: Role;
}

/** What the live table takes from the world. */
export interface World extends TableWorld, Tabs {
  readonly net: Net;
  readonly propose: Propose;
}
