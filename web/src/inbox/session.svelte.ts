import { need } from "../api/client";
import { Problem } from "../api/problem";
import { now } from "../lib/clock";
import { t } from "../lib/texts.svelte";
import type { components } from "../made/citizens";
import { own } from "./api";

/** `over`: the session has come to its end, and its citizen may begin another one. */
type State = "unknown" | "out" | "over" | "in" | "failed";
type Session = components["schemas"]["OwnSessionView"];

/**
 * Who is signed in here. The cookie is out of reach of scripts: the API is asked. `reader`: a name
 * of the citizen by chance, which stays when the session is renewed.
 */
export const session = $state<{
    state: State;
    error?: unknown;
    own?: Session;
    reader?: string;
}>({
    state: "unknown",
});

/** Return the reader's name, as the login told it. */
export function readerName(): string {
    const names = [session.own?.name, session.own?.family_name].filter(Boolean);
    return names.join(" ") || t("inbox.account");
}

/** Tells the other tabs, also hidden ones, that a citizen has signed out. */
const ends = new BroadcastChannel("session-ended");

/** What a device's clock may differ from the API's. */
const TOLERANCE = 120_000;

export async function readSession(): Promise<void> {
    try {
        begin(await need(own.GET("/api/identity/v1/session", {})));
    } catch (error) {
        session.state = error instanceof Problem && error.status === 401 ? "out" : "failed";
        session.error = error;
    }
}

function begin(found: Session): void {
    session.own = found;
    session.reader ??= found.id;
    session.state = "in";
}

/**
 * Take the session that the browser has now: a renewed one goes on with the page. The page is loaded
 * anew where another citizen has signed in, since what it has is of the one before.
 */
export async function lookAgain(): Promise<void> {
    if (document.hidden || (session.state !== "in" && session.state !== "over")) return;
    const before = session.own?.fiscal_code;
    try {
        const found = await need(own.GET("/api/identity/v1/session", {}));
        if (found.fiscal_code === before) begin(found);
        else location.reload();
    } catch (error) {
        if (error instanceof Problem && error.status === 401) signedOut();
    }
}

/**
 * Look again when somebody may have signed in or out meanwhile, in another tab. The worker tells of
 * it, and so does the API when the tab is looked at again.
 */
export function watchSession(): void {
    const look = lookAgain;
    document.addEventListener("visibilitychange", () => void look());
    // a login in another window hides no tab
    addEventListener("focus", () => void (session.state === "over" && look()));
    // the browser may keep a whole page, and show it again by "back"
    addEventListener("pageshow", (event) => {
        if ((event as PageTransitionEvent).persisted) void look();
    });
    navigator.serviceWorker?.addEventListener("message", () => void look());
    ends.addEventListener("message", forget);
}

/**
 * Show the sign-in, since the API knows no session any more. Where its time was over, its citizen
 * may go on; a session that was ended before is one that somebody wanted to end.
 */
export function signedOut(): void {
    const end = session.own && Date.parse(session.own.expires_at);
    if (end && end - now().getTime() < TOLERANCE) session.state = "over";
    else forget();
}

function forget(): void {
    session.state = "out";
    session.own = undefined;
}

/**
 * End the session, and that at the provider: else the next login there asks nobody who it is. The
 * worker forgets what it kept for reading offline.
 */
export async function signOut(): Promise<void> {
    const { end_session_url } = await need(own.POST("/api/auth/v1/logout", {}));
    ends.postMessage(null);
    // "back" may show the page again as it is left
    forget();
    location.replace(end_session_url ?? "/inbox/");
}
