import { isoDay } from "../../../lib/format";
import { t } from "../../../lib/texts.svelte";
import type { components } from "../../../made/citizens";

export type Delegation = components["schemas"]["DelegationAnswer"];
export type Party = components["schemas"]["PartyAnswer"];
export type Right = components["schemas"]["Right"];

/** Whether a delegation or an offer is in force, and can be ended here. */
export const isOpen = (one: Delegation | Party): boolean =>
    one.state === "ACTIVE" || one.state === "OFFERED";
export const isOfRegister = (one: Delegation | Party): boolean => one.kind !== "GRANTED";

/** Return the rights in words: the stronger ones name what comes beside reading. */
export function rightsInWords(rights: readonly Right[]): string {
    if (rights.includes("MANAGE")) return t("delegation.right_manage");
    return rights.includes("ACT") ? t("delegation.right_act") : t("delegation.right_read");
}

/** Return the last second of a day of Rome, as a moment of UTC. */
export function endOf(day: string): string {
    for (const offset of ["+02:00", "+01:00"]) {
        const end = new Date(`${day}T23:59:59${offset}`);
        const isLast = isoDay(end) === day && isoDay(new Date(end.getTime() + 1000)) !== day;
        if (isLast) return end.toISOString();
    }
    throw new RangeError(day);
}

/** Return the day that is `count` days later, as YYYY-MM-DD. */
export function later(day: string, count: number): string {
    return new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
}
