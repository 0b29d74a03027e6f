import { freshId, make } from "../lib/dom";

export interface DialogAction {
  /** What `openDialog` answers when this button is pressed. */
  readonly value: string;
  readonly words: string;
  readonly kind?: "main" | "danger" | "plain";
}

const CLASSES = { main: "button primary", danger: "button danger", plain: "button" } as const;

export interface DialogParts {
  readonly title: string;
  readonly body: readonly (Node | string)[];
  /** The last is the first thing a person would do: it gets the focus, unless it loses something. */
  readonly actions: readonly DialogAction[];
  readonly wide?: boolean;
}

/**
 * Asks something in front of the page and says which button was pressed, null for Escape.
 *
 * The browser's own modal dialog: it keeps the focus inside and gives it back when it closes.
 */
export function openDialog({ title, body, actions, wide }: DialogParts): Promise<string | null> {
  const heading = make("h2", { id: freshId("dialog-title"), class: "dialog-title" }, title);
  const content = make("div", { class: "dialog-body", id: freshId("dialog-body") }, ...body);
  const buttons = actions.map(({ value, words, kind }) =>
    make("button", { type: "submit", value, class: CLASSES[kind ?? "plain"] }, words),
  );
  const form = make(
    "form",
    { method: "dialog" },
    heading,
    content,
    make("div", { class: "dialog-actions" }, ...buttons),
  );
  const dialog = make(
    "dialog",
    {
      class: wide ? "dialog dialog-wide" : "dialog",
      "aria-labelledby": heading.id,
      "aria-describedby": content.id,
    },
    form,
  );
  const first = actions.findLastIndex(({ kind }) => kind !== "danger");
  buttons[first]?.setAttribute("autofocus", "");
  document.body.append(dialog);
  dialog.showModal();
  // The focus goes to a button at the end; one reads from the start.
  dialog.scrollTop = 0;
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "" ? null : dialog.returnValue);
    });
  });
}

/** A question with two answers; anything but the "yes" button is no. A "yes" that loses something never has the focus. */
export async function confirm(
  question: string,
  yes: string,
  no: string,
  kind: "main" | "danger" = "main",
): Promise<boolean> {
  const answer = await openDialog({
    title: question,
    body: [],
    actions: [
      { value: "no", words: no },
      { value: "yes", words: yes, kind },
    ],
  });
  return answer === "yes";
}
