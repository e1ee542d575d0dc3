import { need } from "../../api/client";
import { api } from "../api";
import { isoDay } from "../../lib/format";
import { language } from "../../lib/texts.svelte";
import { now } from "../../lib/clock";
import { fits, placeOf, wireOf, type Filter, type Item } from "./filters";
import { take } from "./mailbox.svelte";

const PAGE = 50;

/** A list of messages under one filter, the newest first. It outlives the page that shows it. */
export class MessageList {
    ids = $state.raw<string[]>([]);
    /** Messages that came and are not shown yet, since the reader is further down. */
    waiting = $state.raw<string[]>([]);
    state = $state<"new" | "loading" | "ready" | "failed">("new");
    error = $state.raw<unknown>(undefined);
    /** The message that was opened last, and where its row was in the window. */
    anchor: { id: string; top: number } | undefined;
    private next = $state<string | undefined>();
    /** What left the list by a change, and comes back where the change is undone. */
    private dropped = new Set<string>();

    constructor(readonly filter: Filter) {}

    get hasMore(): boolean {
        return this.next !== undefined;
    }

    /** Read the first page, or the next one. Empty pages are passed over: more may follow. */
    async more(): Promise<void> {
        if (this.state === "loading") return;
        this.state = "loading";
        try {
            for (let tries = 0; tries < 20; tries++) {
                const page = await this.read(this.next);
                for (const one of page.items) take(one);
                const known = new Set([...this.ids, ...this.waiting]);
                const added = page.items.map((one) => one.id).filter((id) => !known.has(id));
                this.ids = [...this.ids, ...added];
                this.next = page.next;
                if (added.length || !page.next) break;
            }
            this.state = "ready";
        } catch (error) {
            this.error = error;
            this.state = "failed";
        }
    }

    /**
     * Take a message that came or changed; return whether it is new here. `atOnce`: nothing that
     * is read would move.
     */
    follow(item: Item, atOnce: boolean): boolean {
        if (this.has(item.id)) {
            if (placeOf(item) !== this.filter.place) this.drop(item.id);
            return false;
        }
        const isBack = this.dropped.has(item.id) && placeOf(item) === this.filter.place;
        if (this.state === "new") return false;
        if (!isBack && !fits(item, this.filter, isoDay(now()))) return false;
        // what is older than the last page comes with its own page
        if (this.next && item.id < this.next) return false;
        if (atOnce) this.ids = newestFirst([...this.ids, item.id]);
        else this.waiting = newestFirst([...this.waiting, item.id]);
        return true;
    }

    /** Show the messages that came meanwhile. */
    reveal(): void {
        this.ids = newestFirst([...this.ids, ...this.waiting]);
        this.waiting = [];
    }

    has(id: string): boolean {
        return this.ids.includes(id) || this.waiting.includes(id);
    }

    drop(id: string): void {
        if (this.has(id)) this.dropped.add(id);
        if (this.ids.includes(id)) this.ids = this.ids.filter((one) => one !== id);
        if (this.waiting.includes(id)) this.waiting = this.waiting.filter((one) => one !== id);
    }

    private read(next: string | undefined) {
        const wire = wireOf(this.filter);
        if (this.filter.words) {
            const filter = { ...wire, q: this.filter.words };
            const body = { filter, page_size: PAGE, ...(next ? { maximum_id: next } : {}) };
            return need(api.POST("/api/communication/v1/inbox/search", { body }));
        }
        const query = { ...wire, enrich_result_data: true, page_size: PAGE, maximum_id: next };
        return need(api.GET("/api/communication/v1/messages", { params: { query } }));
    }
}

function newestFirst(ids: string[]): string[] {
    return [...new Set(ids)].sort().reverse();
}

const MOST = 12;
const lists = new Map<string, MessageList>();

/** Return the list of a filter, as it was left; in another language it is read anew. */
export function listOf(filter: Filter): MessageList {
    const key = language() + JSON.stringify(filter);
    const known = lists.get(key) ?? new MessageList(filter);
    lists.delete(key);
    lists.set(key, known);
    for (const oldest of lists.keys()) {
        if (lists.size <= MOST) break;
        lists.delete(oldest);
    }
    return known;
}

export function everyList(): Iterable<MessageList> {
    return lists.values();
}

/** Forget all lists, so that they are read again: in another language, or after a long absence. */
export function forgetLists(): void {
    lists.clear();
}
