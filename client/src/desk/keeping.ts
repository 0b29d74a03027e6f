/**
 * What a pilot typed is not lost: it stays in the tab until the server has it, and nothing is sent while there is
 * no network.
 */

/** The place of a draft in the tab's own memory: gone with the tab, and never another proposal's. */
export function placeOf(form: HTMLFormElement): string {
  const version = form.querySelector<HTMLInputElement>("input[name=version]")?.value ?? "";
  return `tablee-desk ${location.pathname} ${version}`;
}

/** What a form says that a person can change. */
export function typed(form: HTMLFormElement): [string, string][] {
  const pairs: [string, string][] = [];
  for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
    "textarea, select, input[type=radio]:checked, input[type=text]",
  )) {
    if (field.name !== "") pairs.push([field.name, field.value]);
  }
  return pairs;
}

/** Puts back what was typed. */
export function restore(form: HTMLFormElement, pairs: readonly (readonly [string, string])[]): void {
  for (const [name, value] of pairs) {
    for (const field of form.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(
      `[name="${CSS.escape(name)}"]`,
    )) {
      if (field instanceof HTMLInputElement && field.type === "radio") field.checked = field.value === value;
      else if (field.type !== "hidden") field.value = value;
    }
  }
}

function read(place: string): [string, string][] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(place) ?? "[]");
    return Array.isArray(kept) ? (kept as [string, string][]) : [];
  } catch {
    return [];
  }
}

/** Whether the server can be reached now. */
async function isReachable(): Promise<boolean> {
  if (!navigator.onLine) return false;
  try {
    return (await fetch("/health/live", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Keeps what is typed, and holds a decision back while the server cannot be reached. */
export function keep(form: HTMLFormElement, say: (words: string) => void): void {
  const place = placeOf(form);
  const { offline = "", back = "", restored = "" } = form.dataset;
  const kept = read(place);
  if (kept.length > 0 && JSON.stringify(kept) !== JSON.stringify(typed(form))) {
    restore(form, kept);
    say(restored);
  }
  const store = () => {
    try {
      sessionStorage.setItem(place, JSON.stringify(typed(form)));
    } catch {
      // Full, or not allowed: the page itself still holds it.
    }
  };
  form.addEventListener("input", store);
  form.addEventListener("change", store);

  let isSure = false;
  let isWaiting = false;
  form.addEventListener("submit", (event) => {
    if (isSure) return;
    event.preventDefault();
    const button = event.submitter;
    if (isWaiting) return;
    isWaiting = true;
    void isReachable().then((is) => {
      isWaiting = false;
      if (!is) {
        store();
        say(offline);
        return;
      }
      isSure = true;
      form.requestSubmit(button instanceof HTMLButtonElement ? button : undefined);
      isSure = false;
    });
  });
  window.addEventListener("online", () => say(back));
}
