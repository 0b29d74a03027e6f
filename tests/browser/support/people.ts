/** People, as the suites see them: in a browser, or as a tab without one. */

import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import type { Program } from "./program.js";

/** A person in a browser window of their own. Faults of the page are kept and must be none at the end. */
export class Person {
  readonly faults: string[] = [];

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async arrives(browser: Browser, name: string, options = {}): Promise<Person> {
    const context = await browser.newContext({ locale: "fr-FR", ...options });
    const page = await context.newPage();
    const person = new Person(name, context, page);
    page.on("pageerror", (error) => person.faults.push(`${name}: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !/WebSocket|ERR_CONNECTION|Failed to load/.test(message.text())) {
        person.faults.push(`${name}: ${message.text()}`);
      }
    });
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    return person;
  }

  /** Signs in by the link's page and its only button. */
  static async signsIn(
    browser: Browser,
    program: Program,
    name: string,
    role: "member" | "pilot" | "admin",
    options = {},
  ): Promise<Person> {
    const person = await Person.arrives(browser, name, options);
    await person.page.goto(await program.person(name, role));
    await person.page.getByRole("main").getByRole("button").click();
    await person.page.waitForURL((url) => !url.pathname.startsWith("/connexion"));
    return person;
  }

  async opensTheTable(program: Program): Promise<void> {
    await this.page.goto(`${program.url}/table`);
    await this.page.locator("#table[data-ready]").waitFor();
    await expect(this.page.getByRole("grid")).toBeVisible();
  }

  /** The cookie of the login, for tabs without a browser. */
  async cookie(): Promise<string> {
    const cookies = await this.context.cookies();
    return cookies.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  }

  async leaves(): Promise<void> {
    await this.context.close();
  }
}
