import { t } from "../../lib/texts.svelte";

const KNOWN = [
    "REACHABLE",
    "SENT",
    "REJECTED",
    "HELD",
    "FAILED",
    "CANCELLED",
    "WITHDRAWN",
    "NOT_WITHDRAWN",
    "USER_NOT_FOUND",
    "NOT_ALLOWED",
    "NOT_REACHABLE",
    "ALREADY_SENT",
    "ALREADY_PAID",
    "WRONG",
] as const;

/** Return the words for what became, or would become, of rows; an unknown name as it is. */
export function outcomeText(name: string): string {
    const found = KNOWN.find((one) => one === name);
    return found ? t(`batch.outcome_${found}`) : name;
}
