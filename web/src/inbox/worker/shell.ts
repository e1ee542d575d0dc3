/**
 * The app's own files, so that it starts without a network. Files with a hash in their names are
 * taken from here at once; the page itself is asked first, since it names the newest ones.
 */

/** Set by the build: the files of the app, and a name that changes with them. */
declare const __SHELL__: { version: string; files: string[] };

const SHELL = __SHELL__;
const PREFIX = "shell-";
const NAME = `${PREFIX}${SHELL.version}`;
const PAGE = "/inbox/";

/** Keep the files of this version, and drop those of others. */
export async function keepShell(): Promise<void> {
    const cache = await caches.open(NAME);
    await cache.addAll([PAGE, ...SHELL.files]);
    for (const name of await caches.keys()) {
        if (name.startsWith(PREFIX) && name !== NAME) await caches.delete(name);
    }
}

/** Return the answer to a request of the app's own files; undefined for one that is no file. */
export function shellFor(request: Request, url: URL): Promise<Response> | undefined {
    if (request.mode === "navigate") {
        return url.pathname.startsWith(PAGE) ? page(request) : undefined;
    }
    return url.pathname.startsWith("/assets/") ? file(request) : undefined;
}

async function page(request: Request): Promise<Response> {
    try {
        return await fetch(request);
    } catch (error) {
        const kept = await caches.match(PAGE, { cacheName: NAME });
        if (kept) return kept;
        throw error;
    }
}

/** Files that few need are kept when they are first asked for. */
async function file(request: Request): Promise<Response> {
    const kept = await caches.match(request, { cacheName: NAME });
    if (kept) return kept;
    const answer = await fetch(request);
    if (isFile(answer)) await (await caches.open(NAME)).put(request, answer.clone());
    return answer;
}

/** Tell whether it is a file of the app: a network may answer with a page of its own. */
function isFile(answer: Response): boolean {
    const isPage = answer.headers.get("content-type")?.startsWith("text/html") ?? true;
    return answer.ok && !answer.redirected && !isPage;
}
