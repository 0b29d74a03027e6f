import { make } from "../lib/dom";

const SHOWN_FOR = 8_000;
// A live region is only heard if it was there before its words.
const HEARD_AFTER = 50;

/** Says something for a moment at the edge of the page, to the eye and to the screen reader. */
export function toast(words: string, kind: "plain" | "warn" = "plain"): void {
  const line = make("div", { class: `toast toast-${kind}` }, words);
  const place = corner();
  setTimeout(() => place.append(line), HEARD_AFTER);
  let timer = setTimeout(() => line.remove(), SHOWN_FOR);
  line.addEventListener("click", () => line.remove());
  // Whoever points at it is still reading.
  line.addEventListener("pointerenter", () => clearTimeout(timer));
  line.addEventListener("pointerleave", () => {
    timer = setTimeout(() => line.remove(), SHOWN_FOR);
  });
}

function corner(): HTMLElement {
  const there = document.querySelector<HTMLElement>(".toasts");
  if (there !== null) return there;
  const made = make("div", { class: "toasts", role: "status", "aria-live": "polite" });
  document.body.append(made);
  return made;
}
