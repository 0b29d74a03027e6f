/** Databases of their own on the PostgreSQL that the test command started. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
let made = 0;

/** The URL of the throw-away server; none where no PostgreSQL was started. */
const server = process.env.TABLEE_TEST_POSTGRES_URL;

export interface Database {
  readonly url: string;
  drop(): Promise<void>;
}

async function create(): Promise<Database> {
  if (server === undefined) throw new Error("TABLEE_TEST_POSTGRES_URL is not set");
  made += 1;
  const name = `tablee_${process.pid}_${made}`;
  const sql = (text: string) => run("psql", [server, "-q", "-v", "ON_ERROR_STOP=1", "-c", text]);
  await sql(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: async () => {
      await sql(`drop database if exists ${name} with (force)`);
    },
  };
}

export default { create };
