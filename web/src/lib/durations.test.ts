import { expect, it } from "vitest";

import { duration, durationText } from "./durations";

it.each([
    [0, "1 secondo"],
    [59, "59 secondi"],
    [60, "1 minuto"],
    [4_800, "1 ora e 20 minuti"],
    [90_000, "1 giorno e 1 ora"],
    [86_401, "1 giorno"],
])("writes %d seconds", (seconds, text) => {
    expect(durationText(seconds, "it-IT")).toBe(text);
});

it.each([
    [0, "0 secondi"],
    [119, "1 minuto"],
    [90_000, "1 giorno"],
])("writes %d seconds in one unit", (seconds, text) => {
    expect(duration(seconds, "it-IT")).toBe(text);
});
