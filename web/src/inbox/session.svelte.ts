import { need } from "../api/client";
import { Problem } from "../api/problem";
import type { components } from "../made/citizens";
import { own } from "./api";

type State = "unknown" | "out" | "in" | "failed";
type Session = components["schemas"]["OwnSessionView"];

/** Who is signed in here. The cookie is out of reach of scripts: the API is asked. */
export const session = $state<{ state: State; error?: unknown; own?: Session }>({
    state: "unknown",
});

export async function readSession(): Promise<void> {
    try {
        session.own = await need(own.GET("/api/identity/v1/session", {}));
        session.state = "in";
    } catch (error) {
        session.state = error instanceof Problem && error.status === 401 ? "out" : "failed";
        session.error = error;
    }
}

/** Show the sign-in, since the API knows no session any more. */
export function signedOut(): void {
    session.state = "out";
    session.own = undefined;
}

/** End the session; the worker forgets what it kept for reading offline. */
export async function signOut(): Promise<void> {
    await need(own.POST("/api/auth/v1/logout", {}));
    location.assign("/inbox/");
}
