import { tag } from "./texts.svelte";

const UNITS = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
    ["second", 1],
] as const;

/** Return a duration in its two greatest units, such as "1 ora e 20 minuti". */
export function durationText(seconds: number, language = tag()): string {
    let rest = Math.max(1, Math.round(seconds));
    const parts: string[] = [];
    for (const [unit, size] of UNITS) {
        const count = Math.floor(rest / size);
        rest -= count * size;
        if (count === 0 && !parts.length) continue;
        if (count) parts.push(inUnit(count, unit, language));
        if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
    }
    return new Intl.ListFormat(language, { type: "conjunction" }).format(parts);
}

/** Return a duration in its greatest unit alone, rounded down. */
export function duration(seconds: number, language = tag()): string {
    const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? (["second", 1] as const);
    return inUnit(Math.floor(seconds / size), unit, language);
}

function inUnit(count: number, unit: (typeof UNITS)[number][0], language: string): string {
    const options = { style: "unit", unit, unitDisplay: "long" } as const;
    return new Intl.NumberFormat(language, options).format(count);
}
