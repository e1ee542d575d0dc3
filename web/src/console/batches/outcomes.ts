import { t } from "../../lib/texts.svelte";
import { reasonText } from "../sent/reasons";

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
    "ABOVE_TRIAL_CAP",
    "FAULT",
    "NOTICE",
    "NOT_FOUND",
    "NOT_OWN",
    "NOTICE_CANCELLED",
    "PARTLY_PAID",
] as const;

/** Return the words for what became, or would become, of rows, or why; an unknown name as it is. */
export function outcomeText(name: string): string {
    const found = KNOWN.find((one) => one === name);
    return found ? t(`batch.outcome_${found}`) : ruleText(name, reasonText(name));
}

const RULES = [
    "ABOUT",
    "AMBIGUOUS_AMOUNT",
    "AMOUNT",
    "BROKEN_QUOTES",
    "CHECK_CHARACTER",
    "CONTROL_CHARACTER",
    "DUE_DATE",
    "DUPLICATE_NOTICE_NUMBER",
    "DUPLICATE_REFERENCE",
    "DUPLICATE_ROW",
    "ENCODING",
    "FIELD_COUNT",
    "FISCAL_CODE",
    "INCOMPLETE_PAYMENT",
    "INSTALMENTS",
    "NOTICE_NUMBER",
    "PAYEE",
    "REFERENCE",
    "TOO_LONG",
    "VALUE_MISSING",
    "WRONG_LENGTH",
] as const;

/** Return the words for a rule that rows break; for another rule the words of the API. */
export function ruleText(code: string, otherwise = code): string {
    const found = RULES.find((one) => one === code);
    return found ? t(`batch.rule_${found}`) : otherwise;
}

const DOUBTS = {
    UNUSUALLY_LARGE: "batch.doubt_large",
    SENT_BEFORE: "batch.doubt_before",
    TEST_TEXT: "batch.doubt_test",
    UNUSED_PAYMENT_COLUMNS: "batch.doubt_columns",
} as const;

/** Return the words for a reason to look at a batch again. */
export function doubtText(name: string): string {
    return name in DOUBTS ? t(DOUBTS[name as keyof typeof DOUBTS]) : name;
}
