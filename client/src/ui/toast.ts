import { make } from "../lib/dom";

const SHOWN_FOR = 8_000;
// Whoever is offered something must have the time to read it, to find it and to press it.
const OFFERED_FOR = 30_000;
// A live region is only heard if it was there before its words.
const HEARD_AFTER = 50;

/** Something that a message offers to do. */
export interface ToastAction {
  readonly words: string;
  run(): void;
}

/** Says something for a moment at the edge of the page, to the eye and to the screen reader. */
export function toast(
  words: string,
  kind: "plain" | "warn" = "plain",
  actions: readonly ToastAction[] = [],
): void {
  const line = make("div", { class: `toast toast-${kind}` }, make("span", {}, words));
  const place = corner();
  let before: Element | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    clearTimeout(timer);
    const held = line.contains(document.activeElement);
    line.remove();
    if (held && before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(end, actions.length > 0 ? OFFERED_FOR : SHOWN_FOR);
  };
  for (const action of actions) {
    const button = make("button", { type: "button" }, action.words);
    button.addEventListener("click", () => {
      end();
      action.run();
    });
    line.append(button);
  }
  setTimeout(() => place.append(line), HEARD_AFTER);
  wait();
  line.addEventListener("click", end);
  // To send it away takes the focus from nobody.
  line.addEventListener("mousedown", (event) => event.preventDefault());
  // Whoever points at it, or stands in it, is still reading.
  line.addEventListener("pointerenter", () => clearTimeout(timer));
  line.addEventListener("pointerleave", wait);
  line.addEventListener("focusin", ({ relatedTarget }) => {
    clearTimeout(timer);
    if (relatedTarget instanceof Element && !line.contains(relatedTarget)) before = relatedTarget;
  });
  line.addEventListener("focusout", wait);
  line.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
  });
}

function corner(): HTMLElement {
  const there = document.querySelector<HTMLElement>(".toasts");
  if (there !== null) return there;
  const made = make("div", { class: "toasts", role: "status", "aria-live": "polite" });
  document.body.append(made);
  return made;
}
