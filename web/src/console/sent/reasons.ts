import { t } from "../../lib/texts.svelte";

const REASONS = [
    "NOT_REACHABLE",
    "TOO_MANY_FOR_PAYMENT",
    "ALREADY_PAID",
    "ALREADY_SENT",
    "DROPPED",
    "CANCELLED",
    "SENDER_NOT_ALLOWED",
    "RECIPIENT_NOT_ALLOWED",
    "AMOUNT_TOO_HIGH",
    "DECEASED",
] as const;

/** Return why a message was not sent, in words; an unknown reason as it is. */
export function reasonText(code: string): string {
    const found = REASONS.find((one) => one === code);
    return found ? t(`sent.reason_${found}`) : code;
}
