/** Signing in without a browser: the same page, the same button, the same cookie. */

import type { Program } from "./program.js";

/** Signs a new person in and gives the cookie of the login. */
export async function signIn(
  program: Program,
  name: string,
  role: "member" | "pilot" | "admin",
): Promise<string> {
  return signInBy(await program.person(name, role));
}

/** Presses the button of a link's page. */
export async function signInBy(link: string): Promise<string> {
  const page = await fetch(link);
  const before = cookiesOf(page);
  const html = await page.text();
  const action = /<form[^>]*action="([^"]+)"/.exec(html)?.[1] ?? new URL(link).pathname;
  const fields = new URLSearchParams();
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
    fields.set(name ?? "", value ?? "");
  }
  const answer = await fetch(new URL(action, link), {
    method: "POST",
    headers: { origin: new URL(link).origin, cookie: before },
    body: fields,
    redirect: "manual",
  });
  const cookie = cookiesOf(answer);
  if (answer.status !== 303 || cookie === "") throw new Error(`no login: ${answer.status}`);
  return cookie;
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}
