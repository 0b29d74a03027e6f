// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { leave } from "../../src/panels/leaving";
import type { Page } from "../../src/panels/page";

/** A page whose edits are all saved, and what was done to it. */
function saved() {
  const done: string[] = [];
  const live = {
    isSaved: true,
    unsavedOnDevice: async () => 0,
    outbox: { asides: [], unsaved: 0 },
    table: { flush: () => done.push("flush") },
    stop: () => done.push("stop"),
    device: { erase: async () => done.push("erase") },
  };
  const page = { live, t: (key: string) => key } as unknown as Pick<Page, "live" | "t">;
  return { page, done };
}

test("the device is erased after the server has ended the login", async () => {
  const { page, done } = saved();
  const endLogin = vi.fn(async () => {
    done.push("end");
    return true;
  });

  const leaves = await leave(page, endLogin, undefined);

  expect(leaves).toBe(true);
  expect(done).toEqual(["flush", "end", "stop", "erase"]);
});

test("offline, nothing is erased and the person stays", async () => {
  const { page, done } = saved();

  const leaves = await leave(page, async () => false, undefined);

  expect(leaves).toBe(false);
  expect(done).toEqual(["flush"]);
  await vi.waitFor(() => expect(document.body.textContent).toContain("leave.signOut.failed"));
});
