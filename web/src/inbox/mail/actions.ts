import { need } from "../../api/client";
import { report } from "../../lib/snackbars.svelte";
import { t } from "../../lib/texts.svelte";
import type { TextKey } from "../../made/text-keys";
import type { components } from "../../made/citizens";
import { now } from "../../lib/clock";
import { api } from "../api";
import type { Item } from "./filters";
import { everyList } from "./lists.svelte";
import { alter, countSoon, items } from "./mailbox.svelte";

export type Change = components["schemas"]["ManyChanges"]["change"];

/** What can be done with messages; `unread` is no part of it: a message that was read stays read. */
export type Deed = "read" | "archive" | "unarchive" | "delete" | "undelete" | "star" | "unstar";

const CHANGES: Record<Deed, Change> = {
    read: { change_type: "reading", is_read: true },
    archive: { change_type: "archiving", is_archived: true },
    unarchive: { change_type: "archiving", is_archived: false },
    delete: { change_type: "binning", is_binned: true },
    undelete: { change_type: "binning", is_binned: false },
    star: { change_type: "starring", is_starred: true },
    unstar: { change_type: "starring", is_starred: false },
};
const UNDO: Partial<Record<Deed, Deed>> = {
    archive: "unarchive",
    unarchive: "archive",
    delete: "undelete",
    undelete: "delete",
    star: "unstar",
    unstar: "star",
};
const AT_ONCE = 100;

/** Do it with messages: the pages show it at once, and take it back for what the API refuses. */
export async function act(deed: Deed, ids: string[], isUndo = false): Promise<void> {
    const before = new Map(ids.map((id) => [id, items.get(id)]));
    for (const id of ids) alter(id, shown(deed));
    settle(ids);
    const failed = await send(CHANGES[deed], ids);
    for (const id of failed) {
        const item = before.get(id);
        if (item) items.set(id, item);
    }
    settle(failed);
    countSoon();
    if (failed.length) report(t("list.not_done", { count: failed.length }));
    const done = ids.filter((id) => !failed.includes(id));
    if (isUndo || !done.length) return;
    const undo = UNDO[deed];
    const action = undo && { label: t("list.undo"), run: () => void act(undo, done, true) };
    const isQuiet = deed === "star" || deed === "unstar";
    if (!isQuiet || done.length > 1) {
        report(t(`list.done_${deed}` satisfies TextKey, { count: done.length }), action);
    }
}

/** Mark an opened message as read, without a word about it. */
export async function markRead(id: string): Promise<void> {
    if (items.get(id)?.is_read) return;
    const body = CHANGES.read as { change_type: "reading"; is_read: true };
    const params = { path: { id } };
    await need(api.PUT("/api/communication/v1/messages/{id}/status", { params, body }));
    alter(id, { is_read: true });
    countSoon();
}

function shown(deed: Deed): Partial<Item> {
    switch (deed) {
        case "read":
            return { is_read: true };
        case "archive":
        case "unarchive":
            return { is_archived: deed === "archive" };
        case "delete":
            return { binned_until: now().toISOString() };
        case "undelete":
            return { binned_until: undefined };
        default:
            return { is_starred: deed === "star" };
    }
}

/** Let each list have the messages of its place alone. */
function settle(ids: string[]): void {
    for (const list of everyList()) {
        for (const id of ids) {
            const item = items.get(id);
            if (item) list.follow(item, true);
        }
    }
}

/** Send a change; return the ids that were not changed. */
async function send(change: Change, ids: string[]): Promise<string[]> {
    const failed: string[] = [];
    for (let start = 0; start < ids.length; start += AT_ONCE) {
        const some = ids.slice(start, start + AT_ONCE);
        const body = { change, ids: some };
        try {
            const answer = await need(api.POST("/api/communication/v1/inbox/status", { body }));
            for (const one of answer.items) if (one.outcome !== "CHANGED") failed.push(one.id);
        } catch {
            failed.push(...some);
        }
    }
    return failed;
}
