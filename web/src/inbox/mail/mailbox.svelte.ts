import { SvelteMap } from "svelte/reactivity";

import { need } from "../../api/client";
import { api } from "../api";
import type { Item } from "./filters";

/** The messages that this tab has seen, in their last state. Lists name them by id. */
export const items = new SvelteMap<string, Item>();

export const counters = $state({ unread: 0, toPay: 0, dueSoon: 0 });

/** Take a message's state; return whether it is another one than before. */
export function take(item: Item): boolean {
    const known = items.get(item.id);
    if (known && JSON.stringify(known) === JSON.stringify(item)) return false;
    items.set(item.id, item);
    return true;
}

/** Show a change before the API has answered, or take it back. */
export function alter(id: string, change: Partial<Item>): void {
    const known = items.get(id);
    if (known) items.set(id, { ...known, ...change });
}

let asked: ReturnType<typeof setTimeout> | undefined;

/** Read the counters soon, once for many changes. */
export function countSoon(): void {
    clearTimeout(asked);
    asked = setTimeout(() => void count().catch(() => undefined), 300);
}

async function count(): Promise<void> {
    const read = await need(api.GET("/api/communication/v1/inbox/counters", {}));
    counters.unread = read.unread;
    counters.toPay = read.to_pay;
    counters.dueSoon = read.due_soon;
}
