import { euroText } from "../../lib/amounts";
import { romeInput } from "../../lib/rome";
import type { components } from "../../made/senders";

type Schemas = components["schemas"];
type View = Schemas["PaymentNoticeView"];

/** What the form of an amendment has, as it was typed. */
export interface Typed {
    subject: string;
    amount: string;
    day: string;
}

/** Return what the form begins with. */
export function typedOf(view: View): Typed {
    return {
        subject: view.subject,
        amount: view.amount_cents ? euroText(view.amount_cents) : "",
        day: view.due_date ? romeInput(view.due_date).slice(0, 10) : "",
    };
}

/** Return what was typed, over a later version: fields that were left alone are its own. */
export function over(typed: Typed, before: View, now: View): Typed {
    const [began, latest] = [typedOf(before), typedOf(now)];
    const kept = (name: keyof Typed) => (typed[name] === began[name] ? latest : typed)[name];
    return { subject: kept("subject"), amount: kept("amount"), day: kept("day") };
}

/** Return the amendment of a version. What the form does not show stays as the version has it. */
export function bodyOf(view: View, typed: Typed, amount_cents: number | undefined) {
    const instalments = view.instalments?.map(({ notice_number, amount_cents, due_date }) => ({
        notice_number,
        amount_cents,
        due_date,
    }));
    return {
        subject: typed.subject.trim(),
        invalid_after_due_date: view.invalid_after_due_date,
        version: view.version,
        ...(view.description && { description: view.description }),
        ...(amount_cents !== undefined && { amount_cents, due_date: typed.day }),
        ...(instalments?.length && { instalments }),
    } as Schemas["NoticeAmendment"];
}
