import { expect, it, vi } from "vitest";

import { Problem } from "../api/problem";
import { thenRead } from "./writes";

it("reads what a write changed, and tells what it answered", async () => {
    const read = vi.fn();
    expect(await thenRead(() => Promise.resolve("done"), read)).toBe("done");
    expect(read).toHaveBeenCalledOnce();
});

it.each([0, 409, 412])("reads anew after a refusal with %d, which is told", async (status) => {
    const [read, refusal] = [vi.fn(), new Problem(status, "", "")];
    await expect(thenRead(() => Promise.reject(refusal), read)).rejects.toBe(refusal);
    expect(read).toHaveBeenCalledOnce();
});
