import { expect, it } from "vitest";

import { daysLeft } from "./reminders";

const due = "2026-12-20T22:59:59Z";
const planned = (at: string) => ({ at, why: "DUE_DATE" as const, days_before: 7 });

it.each([
    ["on its own day", "2026-12-13T08:05:00Z", 7],
    ["moved to the working day before", "2026-12-11T08:05:00Z", 9],
    ["on a day that is another one in UTC", "2026-12-10T23:30:00Z", 9],
    ["for an earlier due date, which has changed since", "2026-10-01T08:05:00Z", 7],
])("counts the days that are left for a reminder %s", (_, at, days) => {
    expect(daysLeft(planned(at), due)).toBe(days);
});

it("counts the planned days where the due date is not known", () => {
    expect(daysLeft(planned("2026-12-11T08:05:00Z"))).toBe(7);
});
