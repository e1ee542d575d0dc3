import { expect, it } from "vitest";

import { whole } from "./days";

it("takes a day when its year is written to the end", () => {
    const taken: string[] = [];
    const change = whole((day) => taken.push(day));
    for (const value of ["0002-11-30", "0020-11-30", "0202-11-30", "2026-11-30", "20261-11-30", ""])
        change({ currentTarget: { value } } as Parameters<typeof change>[0]);
    expect(taken).toEqual(["2026-11-30", ""]);
});
