// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { toast } from "../../src/ui/toast";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

const shown = () => document.querySelector<HTMLElement>(".toast");
const button = () => document.querySelector<HTMLElement>(".toast button");

describe("a message at the edge of the page", () => {
  it("goes by itself, and stays while somebody stands in it", () => {
    toast("Rétabli.", "plain", [{ words: "Annuler", run: () => {} }]);
    vi.advanceTimersByTime(29_000);
    button()?.focus();
    vi.advanceTimersByTime(60_000);
    expect(shown()).not.toBeNull();

    button()?.blur();
    vi.advanceTimersByTime(30_000);

    expect(shown()).toBeNull();
  });

  it("does what it offers once, and gives the keyboard back to where it came from", () => {
    const run = vi.fn();
    document.body.innerHTML = "<button id='cell'></button>";
    document.getElementById("cell")?.focus();
    toast("Rétabli.", "plain", [{ words: "Annuler", run }]);
    vi.advanceTimersByTime(50);

    button()?.focus();
    button()?.click();

    expect(run).toHaveBeenCalledTimes(1);
    expect(shown()).toBeNull();
    expect(document.activeElement?.id).toBe("cell");
  });
});
