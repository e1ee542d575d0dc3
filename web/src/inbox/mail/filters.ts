import { isoDay } from "../../lib/format";
import type { components } from "../../made/citizens";

export type Item = components["schemas"]["InboxItem"];
export type Mailplace = "inbox" | "archive" | "bin";

/** The days before a due date from which a message counts as due soon, as the API's counters say. */
export const SOON = 7;

/** Which messages a list shows. All but the words of a search are in the address. */
export interface Filter {
    place: Mailplace;
    unread: boolean;
    toPay: boolean;
    due: boolean;
    starred: boolean;
    from: string;
    to: string;
    organization: string;
    service: string;
    words: string;
}

const PLACES: Record<string, Mailplace> = { "/archive": "archive", "/bin": "bin" };
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Return the filter of an address. `words`: from the history, since they tell of the reader. */
export function filterOf(path: string, query: URLSearchParams, words: unknown): Filter {
    const is = (name: string) => query.get(name) === "1";
    const fits = (name: string, form: RegExp) => {
        const text = query.get(name) ?? "";
        return form.test(text) ? text : "";
    };
    return {
        place: PLACES[path] ?? "inbox",
        unread: is("unread"),
        toPay: is("to-pay"),
        due: is("due"),
        starred: is("starred"),
        from: fits("from", DAY),
        to: fits("to", DAY),
        organization: fits("organization", /^\d{11}$/),
        service: fits("service", /^[\w-]{1,255}$/),
        words: typeof words === "string" ? words : "",
    };
}

/** Return the part of a filter that is in the address. */
export function queryOf(filter: Filter): Record<string, string | undefined> {
    const one = (is: boolean) => (is ? "1" : undefined);
    return {
        unread: one(filter.unread),
        "to-pay": one(filter.toPay),
        due: one(filter.due),
        starred: one(filter.starred),
        from: filter.from,
        to: filter.to,
        organization: filter.organization,
        service: filter.service,
    };
}

export function pathOf(place: Mailplace): string {
    return place === "inbox" ? "/" : `/${place}`;
}

/** Tell whether a filter leaves messages of its place out. */
export function isNarrow(filter: Filter): boolean {
    return filter.words !== "" || Object.values(queryOf(filter)).some(Boolean);
}

/** Return the filter as the API takes it. */
export function wireOf(filter: Filter) {
    return {
        archived: filter.place === "archive",
        binned: filter.place === "bin",
        unread: filter.unread,
        to_pay: filter.toPay,
        starred: filter.starred,
        due_within: filter.due ? SOON : undefined,
        from: filter.from || undefined,
        to: filter.to || undefined,
        organization_fiscal_code: filter.organization || undefined,
        sender_service_id: filter.service || undefined,
    };
}

export function placeOf(item: Item): Mailplace {
    if (item.binned_until) return "bin";
    return item.is_archived ? "archive" : "inbox";
}

/**
 * Tell whether a message that has just come or changed belongs into a list. A search is asked at
 * the API alone: its words are compared there.
 */
export function fits(item: Item, filter: Filter, today: string): boolean {
    if (filter.words || placeOf(item) !== filter.place) return false;
    if (filter.unread && item.is_read) return false;
    if (filter.starred && !item.is_starred) return false;
    if (filter.toPay && item.payment_status !== "NOT_PAID") return false;
    if (filter.organization && item.organization_fiscal_code !== filter.organization) return false;
    if (filter.service && item.sender_service_id !== filter.service) return false;
    const came = isoDay(item.created_at);
    if ((filter.from && came < filter.from) || (filter.to && came > filter.to)) return false;
    if (!filter.due) return true;
    if (!item.due_date || item.payment_status === "PAID") return false;
    const due = isoDay(item.due_date);
    return due >= today && Date.parse(due) - Date.parse(today) <= SOON * 86_400_000;
}
