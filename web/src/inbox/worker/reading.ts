/**
 * The messages that a citizen opened, for reading without a network.
 *
 * They are kept for the session of the citizen and for each party apart. Nothing is left after a
 * logout, even one without a network, after an answer 401, and when another session is there. What
 * the API refuses or does not have any more goes, too.
 */
declare const self: ServiceWorkerGlobalScope;

const PREFIX = "read-";
const SESSION = "/api/identity/v1/session";
const LOGOUT = "/api/auth/v1/logout";
const LIST = "/api/communication/v1/messages";
const MOST = 200;

/** Grows with each clearing: an answer that was on its way then is not kept. */
let generation = 0;

/** Tell whether a request matters here. All others go to the network as they are. */
export function readsOpened(request: Request, url: URL): boolean {
    if (request.method === "GET") return url.pathname === SESSION || isRead(url);
    return request.method === "POST" && url.pathname === LOGOUT;
}

/** Answer from the network, and without one from what was kept. */
export async function answered(request: Request, url: URL): Promise<Response> {
    const began = generation;
    let answer: Response;
    try {
        answer = await fetch(request);
    } catch (error) {
        // whoever leaves a shared computer leaves nothing there, though the session goes on
        if (url.pathname === LOGOUT) await forget();
        const kept = request.method === "GET" ? await keptFor(request, url) : undefined;
        if (kept) return kept;
        throw error;
    }
    if (answer.status === 401 || url.pathname === LOGOUT) await forget();
    else if (isJson(answer) && url.pathname === SESSION) await noteSession(answer.clone(), began);
    else if (isJson(answer) && isMessage(url)) await keep(request, url, answer.clone(), began);
    else if (answer.status === 403 || answer.status === 404)
        await drop(request, url, answer.status);
    return answer;
}

/** Tell whether it is an answer of the API: a network may answer with a page of its own. */
function isJson(answer: Response): boolean {
    const type = answer.headers.get("content-type") ?? "";
    return answer.ok && !answer.redirected && type.startsWith("application/json");
}

function isMessage(url: URL): boolean {
    const rest = url.pathname.slice(LIST.length);
    return url.pathname.startsWith(LIST) && /^\/[^/]+$/.test(rest);
}

function isRead(url: URL): boolean {
    return url.pathname === LIST || isMessage(url);
}

/** Forget all that was kept. */
async function forget(): Promise<void> {
    generation += 1;
    for (const name of await caches.keys()) {
        if (name.startsWith(PREFIX)) await caches.delete(name);
    }
}

interface Session {
    id: string;
    expires_at: string;
}

async function keptSession(): Promise<Session | undefined> {
    const kept = await caches.match(SESSION, { cacheName: `${PREFIX}session` });
    return kept ? ((await kept.json()) as Session) : undefined;
}

/** Keep who is logged in; forget what was kept for another session. */
async function noteSession(answer: Response, began: number): Promise<void> {
    const text = await answer.text();
    if (began !== generation) return;
    const [now, before] = [JSON.parse(text) as Session, await keptSession()];
    const isOther = before !== undefined && before.id !== now.id;
    if (isOther) await forget();
    const cache = await caches.open(`${PREFIX}session`);
    await cache.put(SESSION, json(text));
    if (isOther) await tellTabs();
}

/** Tell the open pages that another session is there: they may show what is of the one before. */
async function tellTabs(): Promise<void> {
    for (const one of await self.clients.matchAll()) one.postMessage("session");
}

/** Return the name of a party's cache; undefined while nobody is known to be logged in. */
async function cacheOf(request: Request): Promise<string | undefined> {
    const session = await keptSession();
    if (!session) return undefined;
    if (Date.parse(session.expires_at) < Date.now()) {
        await forget();
        return undefined;
    }
    return `${PREFIX}${session.id}-${request.headers.get("recapito-party") ?? "self"}`;
}

async function keep(request: Request, url: URL, answer: Response, began: number): Promise<void> {
    const name = await cacheOf(request);
    const text = await answer.text();
    if (!name || began !== generation) return;
    const cache = await caches.open(name);
    // one copy of a message, in the language that was read last
    await cache.put(url.pathname, json(text));
    const keys = await cache.keys();
    for (const oldest of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(oldest);
    if (began !== generation) await caches.delete(name);
}

/** Forget what a party's reader may not read any more, or a message that is not there any more. */
async function drop(request: Request, url: URL, status: number): Promise<void> {
    const name = isRead(url) ? await cacheOf(request) : undefined;
    if (!name) return;
    if (status === 403) await caches.delete(name);
    else await (await caches.open(name)).delete(url.pathname);
}

async function keptFor(request: Request, url: URL): Promise<Response | undefined> {
    if (url.pathname === SESSION) {
        return (await cacheOf(request))
            ? caches.match(SESSION, { cacheName: `${PREFIX}session` })
            : undefined;
    }
    const name = await cacheOf(request);
    if (!name) return undefined;
    if (isMessage(url)) return caches.match(url.pathname, { cacheName: name });
    return list(name, url);
}

interface Kept {
    id: string;
    is_archived?: boolean;
    binned_until?: string;
    [member: string]: unknown;
}

/** Answer as the list does, with the messages that were opened. */
async function list(name: string, url: URL): Promise<Response> {
    const wanted = (member: string) => url.searchParams.get(member) === "true";
    const cache = await caches.open(name);
    const answers = await Promise.all((await cache.keys()).map((key) => cache.match(key)));
    const opened = await Promise.all(answers.map((one) => one?.json() as Promise<Kept>));
    const items = opened
        .filter((one) => Boolean(one.binned_until) === wanted("binned"))
        .filter((one) => wanted("binned") || Boolean(one.is_archived) === wanted("archived"))
        .map(({ content, attachments, translation, language, languages, ...item }) => item)
        .sort((a, b) => (a.id < b.id ? 1 : -1));
    return json(JSON.stringify({ items }));
}

function json(text: string): Response {
    return new Response(text, { headers: { "Content-Type": "application/json" } });
}
