/** The form as the server makes it, cut down. */

const field = (column: string, kind: string, inside: string, rule?: string): string =>
  `<div class="field" data-column="${column}" data-kind="${kind}"${rule === undefined ? "" : ` data-if='${rule}'`}>${inside}</div>`;

const line = (column: string, kind: string, rule?: string): string =>
  field(
    column,
    kind,
    `<label for="${column}">${column}</label><input type="text" id="${column}" name="${column}" value="">`,
    rule,
  );

/** A form with one question of each sort. */
export function formHtml(data = "", extra = ""): string {
  return `<main><form class="propose" id="proposition" method="post" action="/proposer#retour" data-cle="k1" ${data}>
    <input type="hidden" name="jeton" value="secret-token"><input type="hidden" name="cle" value="k1">${extra}
    ${line("intitule", "text")}${line("organisme", "text")}
    ${field("type", "choice", '<label for="type">type</label><select id="type" name="type"><option value=""></option><option value="mooc">MOOC</option><option value="autre">autre</option></select>')}
    ${field("themes", "choices", '<fieldset id="themes" tabindex="-1"><ul><li><label><input type="checkbox" name="themes" value="eau"></label></li><li><label><input type="checkbox" name="themes" value="design"></label></li></ul></fieldset>')}
    <details class="fold"><summary>Type de tarif, tarifs</summary>
    ${field("tarif_type", "choice", '<select id="tarif_type" name="tarif_type"><option value=""></option><option value="payant">payant</option><option value="gratuit">gratuit</option></select>')}
    ${field("tarifs", "prices", '<fieldset id="tarifs" tabindex="-1"><legend>Tarifs</legend><ol class="items"><li><input type="text" id="tarifs-1" name="tarifs" value="" aria-label="Tarifs, ligne 1"></li></ol><p><button type="submit" class="quiet" name="action" value="ajouter-tarifs">Ajouter</button></p></fieldset>', '{"not":{"is":["tarif_type","gratuit"]}}')}
    </details>
    ${line("duree_texte", "text")}${line("url", "url")}${line("vous-courriel", "")}
    <p class="not-for-you"><input type="text" name="site_web_2" value=""></p>
    <div class="choices bar"><button type="submit" name="action" value="relire">Relire</button><button type="submit" name="action" value="envoyer">Envoyer</button></div>
  </form></main>`;
}

/** Puts a form into the page. */
export function put(data = "", extra = ""): HTMLFormElement {
  document.documentElement.lang = "fr";
  document.body.innerHTML = formHtml(data, extra);
  return document.querySelector("form") as HTMLFormElement;
}

/** A control by its id. */
export const control = (id: string): HTMLInputElement => document.getElementById(id) as HTMLInputElement;

/** Types words as a hand does. */
export function type(id: string, words: string): void {
  control(id).value = words;
  control(id).dispatchEvent(new Event("input", { bubbles: true }));
}

/** A button by its value. */
export const button = (value: string): HTMLButtonElement =>
  document.querySelector(`button[value="${value}"]`) as HTMLButtonElement;

/** A shelf in memory. */
export class Shelf implements Storage {
  readonly kept = new Map<string, string>();
  isFull = false;
  get length(): number {
    return this.kept.size;
  }
  key(at: number): string | null {
    return [...this.kept.keys()][at] ?? null;
  }
  clear(): void {
    this.kept.clear();
  }
  getItem(name: string): string | null {
    return this.kept.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    if (this.isFull) throw new Error("no room");
    this.kept.set(name, value);
  }
  removeItem(name: string): void {
    this.kept.delete(name);
  }
}
