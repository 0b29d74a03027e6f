import { describe, expect, it } from "vitest";
import { exactWords, momentWords } from "../../src/view/moment";

const now = new Date(2026, 10, 22, 15, 0).getTime();
const ago = (minutes: number) => now - minutes * 60_000;

describe("a moment, as one says it", () => {
  it("is counted in minutes within the hour", () => {
    expect(momentWords(ago(0), now, "fr")).toBe("à l’instant");
    expect(momentWords(ago(5), now, "fr")).toBe("il y a 5 minutes");
    expect(momentWords(ago(1), now, "en")).toBe("1 minute ago");
    // The clock of the server may be ahead of ours.
    expect(momentWords(ago(-2), now, "fr")).toBe("à l’instant");
  });

  it("is a day and a time later", () => {
    expect(momentWords(ago(60 * 2), now, "fr")).toBe("aujourd’hui à 13:00");
    expect(momentWords(ago(60 * 20), now, "fr")).toBe("hier à 19:00");
    expect(momentWords(new Date(2026, 4, 3, 9, 10).getTime(), now, "fr")).toBe("le 3 mai à 09:10");
    expect(momentWords(new Date(2025, 4, 3, 9, 10).getTime(), now, "fr")).toBe("le 3 mai 2025 à 09:10");
    expect(momentWords(ago(60 * 20), now, "en")).toBe("yesterday at 07:00 PM");
  });

  it("is known to the second", () => {
    expect(exactWords(now, "fr")).toBe("dimanche 22 novembre 2026 à 15:00:00");
  });
});
