import { expect, it } from "vitest";

import type { components } from "../../made/senders";
import { bodyOf, over, typedOf } from "./amendment";

const READ = {
    subject: "Tassa sui rifiuti",
    amount_cents: 12050,
    due_date: "2027-03-31T21:59:59Z",
    description: "Prima rata",
    invalid_after_due_date: false,
    version: 1,
} as components["schemas"]["PaymentNoticeView"];

it("amends the version that it is told, and keeps what another person changed", () => {
    const now = {
        ...READ,
        subject: "Tassa sui rifiuti 2027",
        amount_cents: 11000,
        description: "Rata unica",
        version: 2,
    };
    const typed = over({ ...typedOf(READ), amount: "99,90" }, READ, now);
    expect(typed).toEqual({
        subject: "Tassa sui rifiuti 2027",
        amount: "99,90",
        day: "2027-03-31",
    });
    expect(bodyOf(now, typed, 9990)).toEqual({
        subject: "Tassa sui rifiuti 2027",
        amount_cents: 9990,
        due_date: "2027-03-31",
        description: "Rata unica",
        invalid_after_due_date: false,
        version: 2,
    });
});
