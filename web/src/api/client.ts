import createClient, { type Client, type Middleware } from "openapi-fetch";

import { noteTime } from "../lib/clock";
import { problemOf } from "./problem";

/** A page of another site cannot send this header, so a call that has it is the page's own. */
export const OWN: Record<string, string> = { "Recapito-CSRF": "1" };

/** A network that is gone without a word would keep a page waiting for minutes. */
const MOST_MILLISECONDS = 60_000;

function fetchInTime(request: Request): Promise<Response> {
    const isOver = AbortSignal.timeout(MOST_MILLISECONDS);
    return fetch(request, { signal: AbortSignal.any([request.signal, isOver]) });
}

/** Return a client of the API on this origin; the session's cookie goes with each call. */
export function clientOf<Paths extends {}>(headers: () => Record<string, string>): Client<Paths> {
    const client = createClient<Paths>({
        baseUrl: location.origin,
        credentials: "same-origin",
        fetch: fetchInTime,
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
        if (error instanceof DOMException && error.name === "AbortError") throw error;
        throw problemOf(undefined, undefined);
    }
    if (!answer.response.ok) throw problemOf(answer.response, answer.error);
    return answer;
}

/** Fetch a file of the API with the headers of a call; raise Problem. */
export async function fileOf(path: string, headers: Record<string, string>): Promise<Blob> {
    const response = await fetch(path, { headers: { ...OWN, ...headers } }).catch(() => undefined);
    if (!response?.ok) throw problemOf(response, await response?.json().catch(() => undefined));
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
