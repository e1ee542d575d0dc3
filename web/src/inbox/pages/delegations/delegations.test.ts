import { expect, it } from "vitest";

import { endOf, later } from "./delegations";

it("ends a day as Rome does, in winter and in summer", () => {
    expect(endOf("2026-12-31")).toBe("2026-12-31T22:59:59.000Z");
    expect(endOf("2026-07-01")).toBe("2026-07-01T21:59:59.000Z");
    // the clocks change on these days
    expect(endOf("2026-03-29")).toBe("2026-03-29T21:59:59.000Z");
    expect(endOf("2026-10-25")).toBe("2026-10-25T22:59:59.000Z");
});

it("counts days over the ends of months", () => {
    expect(later("2026-02-27", 3)).toBe("2026-03-02");
});
