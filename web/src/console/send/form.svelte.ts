import { centsOf } from "../../lib/amounts";
import { romeMoment } from "../../lib/rome";
import { DEFAULT_POLICY } from "../../made/reminder-policy";
import type { components } from "../../made/senders";
import { Files } from "./files.svelte";

type Schemas = components["schemas"];
export type NewMessage = Schemas["NewMessage"];
export type NewNotice = Schemas["NewPaymentNotice"];
export type Reminders = Schemas["ReminderPolicy"];
type Other = keyof Schemas["Variants"];

/** The languages that a message may have beside Italian. */
export const OTHERS: readonly Other[] = [
    "en_GB",
    "de_DE",
    "fr_FR",
    "sl_SI",
    "es_ES",
    "lld_IT",
    "fur_IT",
];

/** Where a message and a notice have what is to be paid. */
const PAYMENTS = {
    message: {
        amount: "content/payment_data/amount",
        number: "content/payment_data/notice_number",
        payee: "content/payment_data/payee",
    },
    notice: { amount: "amount_cents", number: "notice_number", payee: "payee" },
} as const;

/** Return the paths of the fields of a payment. */
export function pathsOfPayment(kind: Form["kind"]) {
    return PAYMENTS[kind];
}

export interface Part {
    number: string;
    amount: string;
    day: string;
}

/** What the form has, as it was typed. */
export class Form {
    kind = $state<"message" | "notice">("message");
    fiscalCode = $state("");
    subject = $state("");
    markdown = $state("");
    description = $state("");
    day = $state("");
    hasPayment = $state(false);
    amount = $state("");
    number = $state("");
    isInvalidAfter = $state(false);
    payee = $state("");
    parts = $state<Part[]>([]);
    readonly files = new Files();
    reminders = $state<"service" | "none" | "own">("service");
    policy = $state<Reminders>(structuredClone(DEFAULT_POLICY));
    other = $state<Other | "">("");
    otherSubject = $state("");
    otherMarkdown = $state("");
    sendAt = $state("");
    reference = $state("");
    isSecure = $state(false);
    supersedes = $state("");

    /** Return the paths of the fields that the page shows. */
    shown(): string[] {
        const both = ["fiscal_code", "reference"];
        const payment = Object.values(PAYMENTS[this.kind]);
        if (this.kind === "notice") {
            const parts = this.parts.flatMap((_, index) =>
                ["amount_cents", "notice_number", "due_date"].map(
                    (name) => `instalments/${index}/${name}`,
                ),
            );
            return [...both, "subject", "description", "due_date", ...payment, ...parts];
        }
        const texts = this.other ? ["", `variants/${this.other}/`] : [""];
        return [
            ...both,
            ...texts.flatMap((one) => [`content/${one}subject`, `content/${one}markdown`]),
            "content/due_date",
            ...(this.hasPayment ? payment : []),
            "attachments",
            "send_at",
        ];
    }

    /** Return what the page itself knows to be wrong, by the paths of the fields. */
    unreadable(): Set<string> {
        const wrong = new Set<string>();
        const asksPayment = this.kind === "notice" || this.hasPayment;
        const isWhole = asksPayment && (this.amount.trim() || !this.parts.length);
        if (isWhole && centsOf(this.amount) === undefined) wrong.add(PAYMENTS[this.kind].amount);
        if (this.kind === "message" && this.files.lackOne) wrong.add("attachments");
        this.parts.forEach((one, index) => {
            if (this.kind === "notice" && centsOf(one.amount) === undefined)
                wrong.add(`instalments/${index}/amount_cents`);
        });
        return wrong;
    }

    message(): NewMessage {
        const { message, content } = this.texts();
        if (this.hasPayment) {
            content.payment_data = {
                amount: centsOf(this.amount) ?? 0,
                notice_number: this.number.replace(/\s/g, ""),
                invalid_after_due_date: this.isInvalidAfter,
                ...(this.payee.trim() && { payee: { fiscal_code: this.payee.trim() } }),
            };
        }
        return { ...message, content };
    }

    private texts(): { message: Omit<NewMessage, "content">; content: Schemas["Content"] } {
        const content: Schemas["Content"] = {
            subject: this.subject.trim(),
            markdown: this.markdown,
            ...(this.day && { due_date: romeMoment(this.day) }),
            ...(this.isSecure && { require_secure_channels: true }),
        };
        if (this.other) {
            content.second_language = this.other;
            content.variants = {
                [this.other]: { subject: this.otherSubject.trim(), markdown: this.otherMarkdown },
            };
        }
        const attachments = this.files.ids;
        const [day, time] = this.sendAt.split("T");
        const message = {
            fiscal_code: this.fiscalCode.trim().toUpperCase(),
            ...(this.reminders === "none" && { reminders: { is_enabled: false } }),
            ...(this.reminders === "own" && { reminders: $state.snapshot(this.policy) }),
            ...(attachments.length && { attachments }),
            ...(day && { send_at: romeMoment(day, time) }),
            ...(this.reference.trim() && { reference: this.reference.trim() }),
            ...(this.supersedes && { supersedes: this.supersedes }),
        };
        return { message: message as Omit<NewMessage, "content">, content };
    }

    notice(): NewNotice {
        const isWhole = this.amount.trim() !== "" || !this.parts.length;
        return {
            fiscal_code: this.fiscalCode.trim().toUpperCase(),
            subject: this.subject.trim(),
            invalid_after_due_date: this.isInvalidAfter,
            ...(this.description.trim() && { description: this.description.trim() }),
            ...(isWhole && {
                amount_cents: centsOf(this.amount) ?? 0,
                notice_number: this.number.replace(/\s/g, ""),
                due_date: this.day,
            }),
            ...(this.parts.length && {
                instalments: this.parts.map((one) => ({
                    notice_number: one.number.replace(/\s/g, ""),
                    amount_cents: centsOf(one.amount) ?? 0,
                    due_date: one.day,
                })),
            }),
            ...(this.payee.trim() && { payee: this.payee.trim() }),
            ...(this.reference.trim() && { reference: this.reference.trim() }),
        } as NewNotice;
    }
}
