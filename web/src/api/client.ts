import createClient, { type Client, type Middleware } from "openapi-fetch";

import { noteTime } from "../lib/clock";
import { Problem, problemOf } from "./problem";
import { MOST_FOR_FILE, send } from "./sending";

/** A page of another site cannot send this header, so a call that has it is the page's own. */
export const OWN: Record<string, string> = { "Recapito-CSRF": "1" };

/** Return a client of the API on this origin; the session's cookie goes with each call. */
export function clientOf<Paths extends {}>(headers: () => Record<string, string>): Client<Paths> {
    const client = createClient<Paths>({
        baseUrl: location.origin,
        credentials: "same-origin",
        fetch: (request) => send(request),
    });
    const middleware: Middleware = {
        onRequest({ request }) {
            for (const [name, value] of Object.entries({ ...OWN, ...headers() })) {
                request.headers.set(name, value);
            }
            return request;
        },
        onResponse({ response }) {
            noteTime(response);
        },
    };
    client.use(middleware);
    return client;
}

type Answered<T> = { data?: T; error?: unknown; response: Response };

/** Return the data of an answer; raise Problem. */
export async function need<T>(call: Promise<Answered<T>>): Promise<T> {
    const answer = await answered(call);
    return answer.data as T;
}

/** Return the whole answer, for its headers; raise Problem. */
export async function answered<T>(call: Promise<Answered<T>>): Promise<Answered<T>> {
    let answer: Answered<T>;
    try {
        answer = await call;
    } catch (error) {
        if (error instanceof Problem) throw error;
        if (error instanceof DOMException && error.name === "AbortError") throw error;
        throw problemOf(undefined, undefined);
    }
    if (!answer.response.ok) throw problemOf(answer.response, answer.error);
    return answer;
}

/** Return a request to a path of this origin. */
export function requestOf(path: string, options: RequestInit): Request {
    return new Request(new URL(path, location.origin), { credentials: "same-origin", ...options });
}

/** Fetch a file of the API with the headers of a call; raise Problem. */
export async function fileOf(path: string, headers: Record<string, string>): Promise<Blob> {
    const response = await send(
        requestOf(path, { headers: { ...OWN, ...headers } }),
        MOST_FOR_FILE,
    );
    if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined));
    return response.blob();
}

/** Let the browser save a file under a name. */
export function save(file: Blob, name: string): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
