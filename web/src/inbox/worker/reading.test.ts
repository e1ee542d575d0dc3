import { beforeEach, expect, it, vi } from "vitest";

const BASE = "https://recapito.example";
const SESSION = "/api/identity/v1/session";
const LOGOUT = "/api/auth/v1/logout";
const MESSAGE = "/api/communication/v1/messages/01M8PM7JR9CQNJZFBAM4GDCB5P";
const PARTY = "01M8PM7JVJDV7RV444K4288MY1";

/** The browser's caches, as far as the worker uses them. */
class Caches {
    readonly all = new Map<string, Map<string, Response>>();

    async open(name: string) {
        const kept = this.all.get(name) ?? new Map<string, Response>();
        this.all.set(name, kept);
        const key = (one: string | Request) =>
            typeof one === "string" ? one : new URL(one.url).pathname;
        return {
            put: async (one: string | Request, answer: Response) => void kept.set(key(one), answer),
            keys: async () => [...kept.keys()].map((one) => new Request(BASE + one)),
            match: async (one: string | Request) => kept.get(key(one))?.clone(),
            delete: async (one: string | Request) => kept.delete(key(one)),
        };
    }

    keys = async () => [...this.all.keys()];
    delete = async (name: string) => this.all.delete(name);
    match = async (path: string, { cacheName }: { cacheName: string }) =>
        this.all.get(cacheName)?.get(path)?.clone();
}

let caches: Caches;
let network: (request: Request) => Promise<Response>;
let answered: (request: Request, url: URL) => Promise<Response>;

beforeEach(async () => {
    caches = new Caches();
    vi.resetModules();
    vi.stubGlobal("caches", caches);
    vi.stubGlobal("self", { clients: { matchAll: async () => [] } });
    vi.stubGlobal("fetch", (request: Request) => network(request));
    ({ answered } = await import("./reading"));
});

function call(path: string, method = "GET", party?: string): Promise<Response> {
    const headers = party ? { "Recapito-Party": party } : undefined;
    const request = new Request(BASE + path, { method, headers });
    return answered(request, new URL(request.url));
}

const json =
    (body: unknown, status = 200) =>
    async () =>
        new Response(JSON.stringify(body), {
            status,
            headers: { "Content-Type": "application/json" },
        });
const offline = async () => {
    throw new TypeError("Failed to fetch");
};

async function read(party?: string): Promise<void> {
    network = json({ id: "S1", expires_at: "2999-01-01T00:00:00Z" });
    await call(SESSION);
    network = json({ id: "01M8PM7JR9CQNJZFBAM4GDCB5P", content: {} });
    await call(MESSAGE, "GET", party);
    await vi.waitFor(() => expect([...caches.all.keys()]).toHaveLength(2));
    network = offline;
    expect((await call(MESSAGE, "GET", party)).ok).toBe(true);
}

it("forgets at a logout that has no answer", async () => {
    await read();
    await expect(call(LOGOUT, "POST")).rejects.toThrow();
    expect([...caches.all.keys()]).toEqual([]);
});

it("keeps no session whose answer comes after the logout", async () => {
    await read();
    let answer: (response: Response) => void = () => undefined;
    network = () => new Promise((resolve) => (answer = resolve));
    const late = call(SESSION);
    network = async () => new Response(null, { status: 204 });
    await call(LOGOUT, "POST");
    answer(await json({ id: "S1", expires_at: "2999-01-01T00:00:00Z" })());
    await late;
    expect([...caches.all.keys()]).toEqual([]);
});

it("forgets a party's messages when the delegation has ended", async () => {
    await read(PARTY);
    network = json({}, 403);
    await call(MESSAGE, "GET", PARTY);
    network = offline;
    await expect(call(MESSAGE, "GET", PARTY)).rejects.toThrow();
    expect((await call(SESSION)).ok).toBe(true);
});

it("forgets a message that is not there any more", async () => {
    await read();
    network = json({}, 404);
    await call(MESSAGE);
    network = offline;
    await expect(call(MESSAGE)).rejects.toThrow();
});

it("keeps what was opened while the API is out of order", async () => {
    await read();
    network = json({}, 503);
    expect((await call(MESSAGE)).status).toBe(503);
    network = offline;
    expect((await call(MESSAGE)).ok).toBe(true);
});

it("keeps no answer that is another page's", async () => {
    await read();
    const page = "<html>Sign in to the network</html>";
    network = async () => new Response(page, { headers: { "Content-Type": "text/html" } });
    await call(MESSAGE).then((answer) => answer.text());
    await new Promise((done) => setTimeout(done, 20));
    network = offline;
    expect(await (await call(MESSAGE)).json()).toHaveProperty("id");
});
