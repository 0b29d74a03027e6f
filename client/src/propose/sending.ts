/** Sending: only where somebody answers; else the page stays, with all that was typed. */
import { make } from "../lib/dom";
import type { Say } from "./texts";

/** What sending needs of the page. */
export interface Sending {
  readonly form: HTMLFormElement;
  readonly say: Say;
  /** Whether the server answers. */
  isThere(): Promise<boolean>;
  /** The word that the server asked this machine to find; null where it asked for none. */
  proof: Promise<string> | null;
  /** Before the page is left. `isLast` where it is sent for good. */
  leaving(isLast: boolean): void;
  isKept(): boolean;
}

/** Whether anybody answers at an address. What stands before a server that is away says so by these statuses. */
export async function answers(address: string): Promise<boolean> {
  try {
    const { status } = await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(8_000) });
    return ![502, 503, 504].includes(status);
  } catch {
    return false;
  }
}

/** Stands between the buttons of a form and the server. */
export function send(sending: Sending): void {
  const { form, say } = sending;
  const status = make("p", { class: "sending", role: "status" });
  const again = make("button", { type: "button" }, say("again"));
  const away = make("div", { class: "notice bad away", role: "alert" });
  form.querySelector(".bar")?.before(status);
  let isThrough = false;
  let isBusy = false;

  const go = async (button: HTMLElement | null): Promise<void> => {
    const isLast = button?.getAttribute("value") === "envoyer";
    if (isLast && sending.proof !== null) {
      status.textContent = say("working");
      put(form, "preuve", await sending.proof);
    }
    status.textContent = say("sending");
    if (await sending.isThere()) {
      away.remove();
      sending.leaving(isLast);
      isThrough = true;
      form.requestSubmit(button);
      isThrough = false;
      return;
    }
    status.textContent = "";
    sending.leaving(false);
    const words = say(sending.isKept() ? "away" : "awayHere");
    away.replaceChildren(make("p", {}, words), make("p", { class: "choices" }, again));
    status.before(away);
    again.onclick = () => press(button);
    again.focus();
  };
  const press = (button: HTMLElement | null): void => {
    if (isBusy) return;
    isBusy = true;
    void go(button).finally(() => {
      isBusy = false;
    });
  };
  form.addEventListener("submit", (event) => {
    if (isThrough) return;
    event.preventDefault();
    press(event.submitter);
  });
  // A page that comes back from the browser's memory is not on its way any more.
  window.addEventListener("pageshow", () => {
    status.textContent = "";
  });
}

/** Sets a field that nobody sees. */
function put(form: HTMLFormElement, name: string, value: string): void {
  form.querySelector(`input[type=hidden][name=${name}]`)?.remove();
  form.append(make("input", { type: "hidden", name, value }));
}
