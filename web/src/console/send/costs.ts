import { tag } from "../../lib/texts.svelte";

/** Return a cost in millionths of a cent as money with the digits that such small sums need. */
export function costText(microcents: number): string {
    const euro = microcents / 1e8;
    const options = { style: "currency", currency: "EUR" } as const;
    const digits = euro >= 1 ? {} : { maximumSignificantDigits: 2 };
    return new Intl.NumberFormat(tag(), { ...options, ...digits }).format(euro);
}
