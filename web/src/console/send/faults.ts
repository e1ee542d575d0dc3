import { fieldText, Problem } from "../../api/problem";
import { t } from "../../lib/texts.svelte";

/** The fields whose rule the page tells in words of its own; for others the API's words count. */
const RULES = {
    fiscal_code: "send.wrong_fiscal_code",
    subject: "send.wrong_subject",
    markdown: "send.wrong_markdown",
    amount: "send.wrong_amount",
    amount_cents: "send.wrong_amount",
    notice_number: "send.wrong_notice_number",
    due_date: "send.wrong_due_date",
    send_at: "send.wrong_send_at",
    reference: "send.wrong_reference",
    payee: "send.wrong_payee",
    attachments: "send.wrong_attachments",
} as const;

/** Reasons of the API that say more than the rule of the field. */
const SAY_MORE = new Set(["PAYMENT_TAKEN", "TOO_FAR"]);

/** Return whether a pointer of the API is at a field, or within it; `path` has no first slash. */
function isAt(pointer: string, path: string): boolean {
    return pointer === `/${path}` || pointer.startsWith(`/${path}/`);
}

/**
 * Which fields are wrong: what the page cannot read, and what the API refused. `shown`: the paths
 * of the fields that the page shows.
 */
export class Faults {
    constructor(
        private unreadable: ReadonlySet<string> = new Set(),
        private error?: unknown,
        private shown: readonly string[] = [],
    ) {}

    /** Return whether the page shows each fault at its field, so that nothing else need be said. */
    get areAtFields(): boolean {
        if (!(this.error instanceof Problem)) return this.unreadable.size > 0;
        const { errors } = this.error;
        return (
            errors.length > 0 &&
            errors.every((one) => this.shown.some((path) => isAt(one.pointer, path)))
        );
    }

    /** Return what is wrong with a field; `path` is its whole pointer, without the first slash. */
    of(path: string): string | undefined {
        const name = path.split("/").at(-1) as keyof typeof RULES;
        const rule = RULES[name];
        if (this.unreadable.has(path)) return rule ? t(rule) : t("send.wrong_field");
        if (!(this.error instanceof Problem)) return undefined;
        const found = this.error.errors.find((one) => isAt(one.pointer, path));
        if (!found) return undefined;
        return rule && !SAY_MORE.has(found.code ?? "") ? t(rule) : fieldText(found);
    }
}

/** Put the focus on the first wrong field below an element. */
export function focusFirstWrong(root: ParentNode | undefined): void {
    root?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
}
