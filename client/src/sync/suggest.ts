/** What became of edits that were proposed to the pilots. Those that were stored are no longer aside. */
export interface Suggested {
  readonly stored: number;
  /** Why the rest stays aside: no network, no login, or the server did not take them. Null when nothing is left. */
  readonly failed: "offline" | "login" | "refused" | null;
}
