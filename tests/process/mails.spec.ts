/** Mails through a real mail server: both parts arrive, nothing is lost while it is away or the program is killed. */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { Program } from "../browser/support/program.js";
import { signIn } from "../browser/support/sign-in.js";
import { chance } from "../soak/plan.js";
import { header, MailServer, part, type Taken } from "../support/mailServer.js";

const run = promisify(execFile);
const SEED = Number(process.env.TABLEE_SEED ?? Date.now() % 2 ** 31);
const KILLS = Number(process.env.TABLEE_MAIL_KILLS ?? 12);

let mails: MailServer;
let program: Program;

test.beforeEach(async () => {
  mails = await MailServer.start();
  program = await Program.start({ firstImport: null, env: { TABLEE_SMTP_URL: mails.url } });
});

test.afterEach(async () => {
  await program.end();
  await mails.stop();
});

/** What a statement says of the database, beside the program or without it. */
async function sql(statement: string): Promise<string> {
  const { stdout } = await run("sqlite3", [join(program.folder, "tablee.db"), statement]);
  return stdout.trim();
}

/** Puts mails into the queue of a program that does not run, as a transaction of its own leaves them. */
async function queued(many: number): Promise<void> {
  await sql(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${many})
    insert into mails (recipient, topic, subject, body_text, body_html, secret, state, attempt, made_at, not_before)
    select 'nour' || i || '@exemple.fr', 'proposals', 'Reçu P-' || i, 'Bonjour ' || i, '<p>Bonjour ' || i || '</p>',
      0, 'waiting', 0, 0, i from n`);
}

const states = () => sql("select state || ' ' || count(*) from mails group by state order by state");

/** Waits until the queue says so: it is looked at, since nobody tells a stranger. */
async function comesTo(expected: string): Promise<void> {
  await expect.poll(states, { timeout: 30_000, intervals: [50] }).toBe(expected);
}

async function asksToSignIn(address: string): Promise<void> {
  const page = await fetch(`${program.url}/connexion`);
  const token = /name="jeton" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
  const answer = await fetch(`${program.url}/connexion`, {
    method: "POST",
    headers: { origin: program.url },
    body: new URLSearchParams({ jeton: token, adresse: address }),
    redirect: "manual",
  });
  expect(answer.status).toBe(303);
}

test("the mail that signs in arrives as text and as HTML, and its link opens the page", async () => {
  await program.person("Léa", "pilot");

  await asksToSignIn("lea@exemple.fr");
  const [mail] = (await mails.took(1)) as [Taken];

  expect(mail.to).toEqual(["lea@exemple.fr"]);
  const [text, html] = [part(mail, "text/plain"), part(mail, "text/html")];
  const link = /http:\S+\/connexion\/[0-9a-f]{64}/.exec(text)?.[0] ?? "";
  expect(text).toMatch(/^Bonjour,/);
  expect(text).toContain("Hello,");
  expect(html).toContain(`href="${link}"`);
  expect(html).toContain('<html lang="fr">');
  expect(header(mail, "Auto-Submitted")).toBe("auto-generated");
  expect(header(mail, "Message-ID")).toMatch(/^<[0-9a-f]+@127\.0\.0\.1>$/);
  expect(header(mail, "List-Unsubscribe")).toBe("");
  expect((await fetch(link)).status).toBe(200);
});

test("a mail of the queue arrives with both parts, says how to end such mails, and its words are gone", async () => {
  await program.stop();
  await queued(1);
  await program.startAgain();

  const [mail] = (await mails.took(1)) as [Taken];

  expect(part(mail, "text/plain").trim()).toBe("Bonjour 1");
  expect(part(mail, "text/html").trim()).toBe("<p>Bonjour 1</p>");
  expect(header(mail, "List-Unsubscribe-Post")).toBe("List-Unsubscribe=One-Click");
  await comesTo("sent 1");
  expect(await sql("select count(*) from mails where body_text is not null or body_html is not null")).toBe(
    "0",
  );
  const link = header(mail, "List-Unsubscribe").replaceAll(/[<>]/g, "");
  expect((await fetch(link)).status).toBe(200);
  const body = new URLSearchParams({ "List-Unsubscribe": "One-Click" });
  expect((await fetch(link, { method: "POST", body })).status).toBe(200);
  expect(await sql("select count(*) from muted_addresses")).toBe("1");
});

test("a mail server that was away gets each mail once when it is back", async () => {
  const admin = await signIn(program, "Ines", "admin");
  await program.stop();
  await queued(3);
  await mails.stop();
  await program.startAgain();
  await expect.poll(() => sql("select sum(attempt) from mails"), { timeout: 30_000 }).toBe("1");
  await comesTo("waiting 3");
  const log = await fetch(`${program.url}/reglages/courriels`, { headers: { cookie: admin } });
  expect(await log.text()).toContain("Le serveur d’envoi ne répond pas.");

  await mails.startAgain();
  // Nobody presses anything: the carrier comes back by itself after its minute.
  await mails.took(3);

  await comesTo("sent 3");
  expect(mails.taken.map((mail) => mail.to[0]).sort()).toEqual([1, 2, 3].map((n) => `nour${n}@exemple.fr`));
});

test("a program that is killed while a mail is on its way sends it at most once more, and never not at all", async () => {
  await program.stop();
  await queued(1);
  await mails.now("hold");
  await program.startAgain();
  await mails.took(1);

  await program.kill();
  await mails.now("take");
  await program.startAgain();
  await comesTo("sent 1");

  expect(mails.taken.length).toBe(2);
  const [first, second] = mails.taken.map((mail) => header(mail, "Message-ID"));
  expect(second, "whoever has both shows one").toBe(first);
});

test(`${KILLS} kills among many mails lose none, and double at most one each`, async () => {
  const many = 80;
  const throws = chance(SEED);
  await program.stop();
  await queued(many);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const before = mails.taken.length;
    await program.startAgain();
    await mails.took(Math.min(before + 2, many));
    // Anywhere between one mail and the next: claimed, on its way, taken, noted.
    await wait(throws(12));
    await program.kill();
  }
  await program.startAgain();
  await comesTo(`sent ${many}`);

  const readers = new Set(mails.taken.map((mail) => mail.to[0]));
  expect(readers.size, "nobody was forgotten").toBe(many);
  const doubled = mails.taken.length - many;
  expect(doubled).toBeLessThanOrEqual(KILLS);
  console.log(JSON.stringify({ proof: "mails", seed: SEED, kills: KILLS, mails: many, lost: 0, doubled }));
});

test("a stop waits for no mail server that is slow", async () => {
  await program.stop();
  await queued(5);
  await mails.now("hold");
  await program.startAgain();
  await mails.took(1);

  expect(await program.stop()).toBe(0);

  await mails.now("take");
  await program.startAgain();
  await comesTo("sent 5");
});
