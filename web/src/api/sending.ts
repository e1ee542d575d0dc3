import { Problem } from "./problem";

/** A network that is gone without a word would keep a page waiting for minutes. */
const MOST_MILLISECONDS = 60_000;
/** A file may take longer than an answer, on a slow line. */
export const MOST_FOR_FILE = 600_000;
/** A wait that the API asks for is waited, if a reader would not notice it much. */
const MOST_SECONDS = 5;
const MOST_TRIES = 3;
/** What makes two writes the same one, beside method, address and body. */
const NAMES = ["Idempotency-Key", "If-Match", "Recapito-Acting-As", "Recapito-Party"];

interface Write {
    answer: Promise<Response>;
    signal: AbortSignal;
}
const underWay = new Map<string, Write>();

/**
 * Send a request; raise Problem without an answer. A write that is on its way is not sent a second
 * time: both callers get its answer. After 429, which did nothing, it is sent again by itself where
 * the wait is short.
 */
export async function send(request: Request, most = MOST_MILLISECONDS): Promise<Response> {
    const id = await idOf(request);
    if (id === undefined) return patiently(request, most);
    const same = underWay.get(id);
    if (same && !same.signal.aborted) return (await same.answer).clone();
    const write = { answer: patiently(request, most), signal: request.signal };
    underWay.set(id, write);
    try {
        return (await write.answer).clone();
    } finally {
        if (underWay.get(id) === write) underWay.delete(id);
    }
}

/** Return what two calls of the same write have in common; undefined for reads and for files. */
async function idOf(request: Request): Promise<string | undefined> {
    const type = request.headers.get("Content-Type") ?? "application/json";
    if (["GET", "HEAD"].includes(request.method) || !type.includes("json")) return undefined;
    const headers = NAMES.map((name) => request.headers.get(name));
    const body = await request.clone().text();
    return JSON.stringify([request.method, request.url, headers, body]);
}

async function patiently(request: Request, most: number): Promise<Response> {
    for (let tries = 1; ; tries++) {
        const response = await once(request.clone(), most);
        const seconds = Number(response.headers.get("Retry-After"));
        const isShort = seconds > 0 && seconds <= MOST_SECONDS;
        if (response.status !== 429 || !isShort || tries === MOST_TRIES) return response;
        await new Promise((wake) => setTimeout(wake, seconds * 1000));
        request.signal.throwIfAborted();
    }
}

async function once(request: Request, most: number): Promise<Response> {
    const isOver = AbortSignal.timeout(most);
    try {
        return await fetch(request, { signal: AbortSignal.any([request.signal, isOver]) });
    } catch (error) {
        if (request.signal.aborted) throw error;
        throw new Problem(0, "", "");
    }
}
