import { expect, it } from "vitest";

import { centsOf, euroText } from "./amounts";

it.each([
    ["12", 1200],
    ["12,5", 1250],
    ["12.50", 1250],
    ["€ 1.250,05", 125005],
    ["1250,05", 125005],
    ["1.250", 125000],
    ["0,01", 1],
])("reads %s", (text, cents) => {
    expect(centsOf(text)).toBe(cents);
});

it.each(["", "dodici", "12,505", "-3", "1.25.0", "12,"])("refuses %j", (text) => {
    expect(centsOf(text)).toBeUndefined();
});

it("writes what it reads", () => {
    expect(centsOf(euroText(125005))).toBe(125005);
});
