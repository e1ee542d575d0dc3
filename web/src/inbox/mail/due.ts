import { daysBetween } from "../../lib/format";
import { SOON, type Item } from "./filters";

/** How near a due date is. OVER: its payment or the message itself is settled. */
export type Nearness = "overdue" | "today" | "tomorrow" | "soon" | "later" | "over";

export interface Due {
    nearness: Nearness;
    days: number;
}

type Dated = Pick<Item, "due_date" | "payment_status" | "withdrawn_at">;

/** Return how near a message's due date is; undefined where it has none. */
export function dueOf(item: Dated, now: Date): Due | undefined {
    if (!item.due_date) return undefined;
    const days = daysBetween(now, item.due_date);
    const isOver = item.payment_status === "PAID" || item.payment_status === "CANCELLED";
    if (isOver || item.withdrawn_at) return { nearness: "over", days };
    if (days < 0) return { nearness: "overdue", days };
    if (days === 0) return { nearness: "today", days };
    if (days === 1) return { nearness: "tomorrow", days };
    return { nearness: days <= SOON ? "soon" : "later", days };
}
