import { need } from "../api/client";
import { Problem } from "../api/problem";
import { actAs, keysApi, type HeldKey } from "./api";

type State = "unknown" | "out" | "in" | "failed";

const KEPT = "recapito-acting-as";

/** The keys that this browser holds, out of reach of scripts, and the one that this tab uses. */
export const session = $state<{
    state: State;
    keys: HeldKey[];
    acting: HeldKey | undefined;
    error?: unknown;
    hasEnded: boolean;
}>({ state: "unknown", keys: [], acting: undefined, hasEnded: false });

/** Ask which keys this browser holds. */
export async function readKeys(): Promise<void> {
    try {
        take((await need(keysApi.list())).items);
    } catch (error) {
        if (error instanceof Problem && error.status === 401) return take([]);
        session.state = "failed";
        session.error = error;
    }
}

/** Sign in with a key, and use it in this tab; raise Problem. */
export async function signIn(key: string): Promise<void> {
    const held = await need(keysApi.add(key));
    session.keys = (await need(keysApi.list())).items;
    session.state = "in";
    use(held.subscription_id);
}

/** Use a key that this browser holds. Each tab has its own, which it keeps when it is loaded again. */
export function use(id: string): void {
    session.acting = session.keys.find((one) => one.subscription_id === id);
    session.hasEnded = false;
    actAs(session.acting?.subscription_id);
    if (session.acting) sessionStorage.setItem(KEPT, session.acting.subscription_id);
    else sessionStorage.removeItem(KEPT);
}

/** Sign out of one key, or of all; raise Problem. */
export async function forget(id?: string): Promise<void> {
    await need(id === undefined ? keysApi.forgetAll() : keysApi.forget(id));
    take(id === undefined ? [] : session.keys.filter((one) => one.subscription_id !== id));
}

/**
 * Ask for the key again where that of a call is not held any more. This tab goes on to act with it:
 * what is typed into a page stays until the key is there again, and no other key takes its place.
 */
export async function endIfGone(): Promise<void> {
    const id = session.acting?.subscription_id;
    // without an answer, the refused call itself says what is wrong
    const keys = (await need(keysApi.list()).catch(() => undefined))?.items;
    if (id === undefined || !keys || keys.some((one) => one.subscription_id === id)) return;
    session.keys = keys;
    session.state = keys.length ? "in" : "out";
    session.hasEnded = true;
}

function take(keys: HeldKey[]): void {
    session.keys = keys;
    session.state = keys.length ? "in" : "out";
    const kept = session.acting?.subscription_id ?? sessionStorage.getItem(KEPT) ?? "";
    use(keys.some((one) => one.subscription_id === kept) ? kept : (keys[0]?.subscription_id ?? ""));
}
