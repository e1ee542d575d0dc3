import { said } from "./texts.svelte";

/** The labels of fields, by the last name of their pointers. A page may lack the text of one. */
const LABELS: Readonly<Record<string, string>> = {
    amount: "words.amount",
    amount_cents: "words.amount",
    attachments: "words.attachments",
    description: "words.description",
    due_date: "words.due_date",
    email: "words.email",
    fiscal_code: "words.fiscal_code",
    instalments: "send.parts",
    markdown: "send.markdown",
    name: "words.name",
    notice_number: "words.notice_number",
    payee: "send.payee",
    reference: "sent.reference",
    reminders: "words.reminders",
    send_at: "send.send_at",
    subject: "send.subject",
};

/** The kinds of reasons whose text names the field. */
const NAME_IT = new Set([
    "CHECK_CHARACTER",
    "CHECK_DIGIT",
    "DUE_DATE_FAR",
    "DUE_DATE_PAST",
    "EMAIL",
    "EMAIL_TAKEN",
    "FISCAL_CODE",
    "HELD_ASKED",
    "HELD_PAID",
    "NOTICE_CHECK_DIGITS",
    "NOTICE_NUMBER",
    "ORGANIZATION",
    "PAYMENT_TAKEN",
]);

/** A place of a request as a reader sees it: the label of its field, or the name in the API. */
export interface Place {
    label?: string;
    name?: string;
}

/** Return how to call the place of a reason; neither a label nor a name if its text names it. */
export function placeOf({ pointer, code }: { pointer: string; code?: string }): Place {
    // a value of a row is known by the name of its column
    const path = pointer.replace(/^#?\//, "").replace(/^values\//, "");
    const key = LABELS[path.split("/").at(-1) ?? ""];
    if (code && NAME_IT.has(code)) return {};
    const label = key && said(key);
    if (label) return { label };
    return path ? { name: path } : {};
}
