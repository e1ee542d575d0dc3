import { need } from "../api/client";
import { Problem } from "../api/problem";
import { api } from "./api";

type State = "unknown" | "out" | "in" | "failed";

/** Whether a citizen is signed in here. The cookie is out of reach of scripts: the API is asked. */
export const session = $state<{ state: State; error?: unknown }>({ state: "unknown" });

export async function readSession(): Promise<void> {
    try {
        await need(api.GET("/api/auth/v1/session", {}));
        session.state = "in";
    } catch (error) {
        session.state = error instanceof Problem && error.status === 401 ? "out" : "failed";
        session.error = error;
    }
}
