import { expect, it } from "vitest";

import { romeInput, romeMoment } from "./rome";

it.each([
    ["2027-01-31", "23:59:59", "2027-01-31T22:59:59.000Z"],
    ["2027-07-31", "09:30", "2027-07-31T07:30:00.000Z"],
    ["2027-03-28", "03:00", "2027-03-28T01:00:00.000Z"],
    ["2027-10-31", "12:00", "2027-10-31T11:00:00.000Z"],
    // a year that is being typed
    ["0002-10-31", "12:00", "0002-10-31T12:00:00Z"],
    ["20271-10-31", "12:00", "20271-10-31T12:00:00Z"],
])("reads %s %s by Rome's clock", (day, time, moment) => {
    expect(romeMoment(day, time)).toBe(moment);
});

it("writes a moment by Rome's clock", () => {
    expect(romeInput("2027-07-31T07:30:00.000Z")).toBe("2027-07-31T09:30");
});
