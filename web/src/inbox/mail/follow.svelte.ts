import { need } from "../../api/client";
import { Problem } from "../../api/problem";
import { api } from "../api";
import { signedOut } from "../session.svelte";
import { everyList, forgetLists } from "./lists.svelte";
import { countSoon, items, take } from "./mailbox.svelte";
import { LOOKING, nextWait } from "./pace";

const SIGNS = ["pointerdown", "pointermove", "keydown", "scroll", "focus"] as const;

/** `isLost`: the API cannot be reached. `arrived`: the messages that came last, to be told. */
export const following = $state({ isLost: false, arrived: 0 });

/** Whether new messages may stand in the list at once: nothing that is read would move. */
export const place = { isFree: true };

let token = "now";
let wait = LOOKING;
let lastSign = Date.now();
let timer: ReturnType<typeof setTimeout> | undefined;
let isOn = false;
let isCalling = false;
/** Until then the API wants no call, whatever happens. */
let notBefore = 0;

/** Follow the changes of the inbox until the page is left. */
export function followInbox(): void {
    if (isOn) return;
    isOn = true;
    for (const sign of SIGNS) addEventListener(sign, noteReader, { passive: true });
    document.addEventListener("visibilitychange", noteReader);
    addEventListener("online", askNow);
    countSoon();
    timer = setTimeout(() => void call(), LOOKING);
}

export function stopFollowing(): void {
    isOn = false;
    clearTimeout(timer);
}

/** Ask at once: something was just done that changes the inbox. */
export function askNow(): void {
    if (isOn) plan(0);
}

function noteReader(): void {
    if (document.hidden) return;
    const wasSlow = wait > LOOKING;
    lastSign = Date.now();
    if (!wasSlow) return;
    wait = LOOKING;
    askNow();
}

function plan(wait: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void call(), Math.max(wait, notBefore - Date.now()));
}

async function call(): Promise<void> {
    if (!isOn) return;
    // the next one follows soon
    if (isCalling) return;
    isCalling = true;
    let pause = 0;
    try {
        await follow();
        following.isLost = false;
    } catch (error) {
        pause = refused(error);
    } finally {
        isCalling = false;
    }
    wait = nextWait(wait, document.hidden, Date.now() - lastSign);
    if (isOn) plan(Math.max(wait, pause));
}

/** Take what changed into the lists. */
async function follow(): Promise<void> {
    let hasNews = false;
    let arrived = 0;
    for (;;) {
        const query = { since: token };
        const page = await need(
            api.GET("/api/communication/v1/inbox/changes", { params: { query } }),
        );
        for (const one of page.items) {
            if (one.removed || !one.message) {
                hasNews = items.delete(one.id) || hasNews;
                for (const list of everyList()) list.drop(one.id);
            } else if (take(one.message)) {
                hasNews = true;
                let isNew = false;
                for (const list of everyList()) {
                    isNew = list.follow(one.message, place.isFree) || isNew;
                }
                if (isNew) arrived += 1;
            }
        }
        token = page.token;
        if (!page.more) break;
    }
    if (hasNews) countSoon();
    if (arrived) following.arrived = arrived;
}

/** Return how long to wait after a failed call, if nothing happens meanwhile. */
function refused(error: unknown): number {
    const status = error instanceof Problem ? error.status : 0;
    if (status === 401) signedOut();
    if (status === 400) {
        // the token is too old: what is shown may be, too
        token = "now";
        forgetLists();
    }
    following.isLost = status === 0;
    if (error instanceof Problem) notBefore = Date.now() + error.retryAfter * 1000;
    return 5_000;
}
