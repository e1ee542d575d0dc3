import { tag } from "../../../lib/texts.svelte";

const UNITS = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
] as const;

/** Return a number of seconds in the largest unit that fits, rounded down. */
export function duration(seconds: number): string {
    const [unit, size] = UNITS.find(([, least]) => seconds >= least) ?? (["second", 1] as const);
    const options = { style: "unit", unit, unitDisplay: "long" } as const;
    return new Intl.NumberFormat(tag(), options).format(Math.floor(seconds / size));
}
