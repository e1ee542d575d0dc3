import { t, tag } from "../../lib/texts.svelte";

/** Return a cost in millionths of a cent as money; what is less than a cent only as that. */
export function costText(microcents: number): string {
    if (microcents > 0 && microcents < 1e6) return t("send.cost_small");
    const options = { style: "currency", currency: "EUR" } as const;
    return new Intl.NumberFormat(tag(), options).format(microcents / 1e8);
}
