/** Hands that have no mouse, and eyes that must always find the focus. */

import { expect, type Locator, type Page } from "@playwright/test";

/** What is seen of the focus: the words of its element, and why it is not seen where it is not. */
interface Focus {
  readonly on: string;
  readonly fault: string | null;
}

/** Looks where the focus is: it must be somewhere, be marked, and lie under nothing. */
function look(page: Page): Promise<Focus> {
  return page.evaluate(() => {
    const on = document.activeElement;
    const name = (element: Element) =>
      `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") ?? ""}"> ${(element.textContent ?? "").trim().slice(0, 40)}`;
    if (on === null || on === document.body) return { on: "nothing", fault: "nowhere" };
    // The target of "go to the content" is a place, not a control: the next Tab is what counts.
    if (on.id === "contenu") return { on: "the content", fault: null };
    const marked = (element: Element | null): boolean => {
      if (element === null) return false;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
      const seen =
        outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1 && !/, 0\)$/.test(outlineColor);
      // The field of an open cell fills a box that has the mark.
      return seen || (element.matches(".editor *") && marked(element.closest(".editor")));
    };
    if (!marked(on)) return { on: name(on), fault: "the focus has no mark" };
    const box = on.getBoundingClientRect();
    const left = Math.max(box.left, 0);
    const top = Math.max(box.top, 0);
    const right = Math.min(box.right, innerWidth);
    const bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 2 || bottom - top < 2) return { on: name(on), fault: "the focus is off the screen" };
    const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const free = there !== null && (on.contains(there) || there.contains(on));
    return {
      on: name(on),
      fault: free ? null : `the focus lies under ${there === null ? "nothing" : name(there)}`,
    };
  });
}

/** Presses a key; afterwards the focus must be seen, unless the key leads to another page. */
export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await page.keyboard.press(key);
    // After the last thing of a page, Tab goes on in the browser's own window.
    const mayLeave = key === "Tab" || key === "Shift+Tab";
    const faults = async () => {
      const { on, fault } = await look(page);
      return fault === null || (fault === "nowhere" && mayLeave) ? "seen" : `${fault}: ${on}`;
    };
    await expect.poll(faults, { message: `the focus after ${key}`, timeout: 3_000 }).toBe("seen");
  }
}

/** Goes on with the Tab key until something has the focus, which is seen at each step. */
export async function reach(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  await target.first().waitFor();
  for (let steps = 0; !(await isThere()); steps += 1) {
    if (steps > 80) throw new Error(`not reached by ${key}`);
    await press(page, key);
  }
}

/** Makes each use of a pointer a fault of the page. */
export async function withoutPointer(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (const type of ["pointerdown", "mousedown", "touchstart", "wheel"]) {
      addEventListener(type, () => console.error(`a pointer was used: ${type}`), true);
    }
  });
}
