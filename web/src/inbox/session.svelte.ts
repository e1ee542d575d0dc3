import { need } from "../api/client";
import { Problem } from "../api/problem";
import { t } from "../lib/texts.svelte";
import type { components } from "../made/citizens";
import { own } from "./api";

type State = "unknown" | "out" | "in" | "failed";
type Session = components["schemas"]["OwnSessionView"];

/** Who is signed in here. The cookie is out of reach of scripts: the API is asked. */
export const session = $state<{ state: State; error?: unknown; own?: Session }>({
    state: "unknown",
});

/** Return the reader's name, as the login told it. */
export function readerName(): string {
    const names = [session.own?.name, session.own?.family_name].filter(Boolean);
    return names.join(" ") || t("inbox.account");
}

export async function readSession(): Promise<void> {
    try {
        session.own = await need(own.GET("/api/identity/v1/session", {}));
        session.state = "in";
    } catch (error) {
        session.state = error instanceof Problem && error.status === 401 ? "out" : "failed";
        session.error = error;
    }
}

/**
 * Load the page anew where another citizen has signed in meanwhile, in another tab: what is shown
 * is of the one before. The worker tells of it, and so does the API when the tab is looked at again.
 */
export function watchSession(): void {
    const look = async () => {
        if (document.hidden || session.state !== "in") return;
        const before = session.own?.id;
        try {
            const now = await need(own.GET("/api/identity/v1/session", {}));
            if (before && now.id !== before) location.reload();
        } catch (error) {
            if (error instanceof Problem && error.status === 401) signedOut();
        }
    };
    document.addEventListener("visibilitychange", () => void look());
    // the browser may keep a whole page, and show it again by "back"
    addEventListener("pageshow", (event) => {
        if ((event as PageTransitionEvent).persisted) void look();
    });
    navigator.serviceWorker?.addEventListener("message", () => void look());
}

/** Show the sign-in, since the API knows no session any more. */
export function signedOut(): void {
    session.state = "out";
    session.own = undefined;
}

/**
 * End the session, and that at the provider: else the next login there asks nobody who it is. The
 * worker forgets what it kept for reading offline.
 */
export async function signOut(): Promise<void> {
    const { end_session_url } = await need(own.POST("/api/auth/v1/logout", {}));
    // "back" may show the page again as it is left
    signedOut();
    location.replace(end_session_url ?? "/inbox/");
}
