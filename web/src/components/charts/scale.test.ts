import { expect, it } from "vitest";

import { greatestOf, strideOf, ticksOf } from "./scale";

it("draws lines at round numbers that reach the greatest value", () => {
    expect(ticksOf(0)).toEqual([0, 1]);
    expect(ticksOf(3)).toEqual([0, 1, 2, 3]);
    expect(ticksOf(17)).toEqual([0, 5, 10, 15, 20]);
    expect(ticksOf(1000)).toEqual([0, 500, 1000]);
});

it("is as high as the highest bar or point, without withheld counts", () => {
    const series = [
        { name: "a", values: [1, null, 3] },
        { name: "b", values: [4, 2, null] },
    ];
    expect(greatestOf(series, true)).toBe(5);
    expect(greatestOf(series, false)).toBe(4);
    expect(greatestOf([], true)).toBe(0);
});

it("leaves out labels that would cover each other", () => {
    expect(strideOf(31, 620, 40)).toBe(2);
    expect(strideOf(3, 620, 40)).toBe(1);
});
