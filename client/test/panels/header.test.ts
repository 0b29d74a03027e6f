// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Emitter } from "../../src/lib/emitter";
import { Owner } from "../../src/lib/owner";
import { headerWhenBack } from "../../src/panels/header";
import type { Page } from "../../src/panels/page";

const KEPT = '<header class="site-header"><a href="/connexion">Connexion</a></header>';
const REAL =
  '<header class="site-header"><span>Léa</span><form class="site-sign-out" action="/deconnexion"><button>Se déconnecter</button></form></header>';

const changes = new Emitter<void>();
const live = { changes, line: { state: { state: "connecting" } } };
const page = { live, t: { lang: "fr" } } as unknown as Page;
const answers: string[] = [];
const asked = vi.fn(() => Promise.resolve(new Response(answers.shift() ?? KEPT)));

beforeEach(() => {
  document.body.innerHTML = KEPT;
  live.line.state.state = "connecting";
  answers.length = 0;
  asked.mockClear();
  vi.stubGlobal("fetch", asked);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const header = () => document.querySelector(".site-header")?.textContent;
async function lineComes(): Promise<void> {
  live.line.state.state = "live";
  changes.emit();
  await new Promise((done) => setTimeout(done));
}

it("takes the header of the real page once the line is there, and only once", async () => {
  const owner = new Owner();
  answers.push(REAL);
  headerWhenBack(page, undefined, owner);
  expect([header(), asked.mock.calls.length]).toEqual(["Connexion", 0]);

  await lineComes();
  await lineComes();

  expect([header(), asked.mock.calls.length]).toEqual(["LéaSe déconnecter", 1]);
  owner.end();
});

it("keeps the header it has where the answer is the kept page again, and asks the next time", async () => {
  const owner = new Owner();
  answers.push(KEPT, REAL);
  headerWhenBack(page, undefined, owner);

  await lineComes();
  expect(header()).toBe("Connexion");
  await lineComes();

  expect(header()).toBe("LéaSe déconnecter");
  owner.end();
});
