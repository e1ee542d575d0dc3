import { expect, it } from "vitest";

import { dueOf } from "./due";
import { filterOf, fits, queryOf, type Item } from "./filters";
import { nextWait } from "./pace";

const ITEM = {
    id: "01JE0000000000000000000000",
    created_at: "2026-11-30T10:00:00Z",
    is_read: false,
    is_archived: false,
    payment_status: "NOT_PAID",
    due_date: "2026-12-03T23:30:00Z",
    organization_fiscal_code: "01234567890",
} as Item;
const filter = (query: string, path = "/", words = "") =>
    filterOf(path, new URLSearchParams(query), words);

it("reads a filter of an address, and writes the same one", () => {
    const query = "unread=1&to-pay=1&due=1&from=2026-11-01&organization=01234567890";
    const written = Object.entries(queryOf(filter(query))).filter((pair) => pair[1]) as string[][];
    expect(new URLSearchParams(written).toString()).toBe(query);
});

it("takes no value of an address that is none", () => {
    const read = filter("from=<b>&organization=1&service=a%20b&unread=yes");
    expect(Object.values(queryOf(read)).some(Boolean)).toBe(false);
});

it.each([
    ["", "/", true],
    ["unread=1&to-pay=1&due=1", "/", true],
    ["from=2026-11-30&to=2026-11-30", "/", true],
    ["starred=1", "/", false],
    ["to=2026-11-29", "/", false],
    ["organization=00000000018", "/", false],
    ["", "/archive", false],
    ["", "/bin", false],
])("tells whether a new message belongs into the list %j of %s", (query, path, belongs) => {
    expect(fits(ITEM, filter(query, path), "2026-11-30")).toBe(belongs);
});

it("leaves searches to the API", () => {
    expect(fits(ITEM, filter("", "/", "mensa"), "2026-11-30")).toBe(false);
});

it.each([
    ["2026-12-05T10:00:00Z", "overdue", -1],
    ["2026-12-04T10:00:00Z", "today", 0],
    ["2026-12-03T10:00:00Z", "tomorrow", 1],
    ["2026-11-30T10:00:00Z", "soon", 4],
    ["2026-11-01T10:00:00Z", "later", 33],
])("says at %s how near a due date is, by the days of Rome", (now, nearness, days) => {
    expect(dueOf(ITEM, new Date(now))).toEqual({ nearness, days });
    expect(dueOf({ ...ITEM, payment_status: "PAID" }, new Date(now))?.nearness).toBe("over");
});

it("asks often while somebody looks, and seldom when nobody does", () => {
    expect(nextWait(30_000, false, 0)).toBe(1_500);
    expect(nextWait(1_500, false, 300_000)).toBe(3_000);
    expect(nextWait(20_000, false, 900_000)).toBe(30_000);
    expect(nextWait(200_000, true, 0)).toBe(300_000);
});
