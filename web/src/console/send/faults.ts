import { Problem } from "../../api/problem";
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

/** Which fields are wrong: what the page cannot read, and what the API refused. */
export class Faults {
    constructor(
        private unreadable: ReadonlySet<string> = new Set(),
        private error?: unknown,
    ) {}

    /** Return whether each fault has a field of the page, so that nothing else need be said. */
    get areAtFields(): boolean {
        if (!(this.error instanceof Problem)) return this.unreadable.size > 0;
        const names = this.error.errors.map((one) => one.pointer.split("/").at(-1) ?? "");
        return names.length > 0 && names.every((one) => one in RULES);
    }

    /** Return what is wrong with a field; `path` is the end of its pointer. */
    of(path: string): string | undefined {
        const name = path.split("/").at(-1) as keyof typeof RULES;
        const rule = RULES[name];
        if (this.unreadable.has(path)) return rule ? t(rule) : t("send.wrong_field");
        if (!(this.error instanceof Problem)) return undefined;
        const found = this.error.errors.find(
            (one) => one.pointer === path || one.pointer.endsWith(`/${path}`),
        );
        if (!found) return undefined;
        return rule ? t(rule) : found.detail;
    }
}

/** Put the focus on the first wrong field below an element. */
export function focusFirstWrong(root: ParentNode | undefined): void {
    root?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus();
}
