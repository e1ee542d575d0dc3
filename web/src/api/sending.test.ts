import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Attempts } from "./attempts";
import { answered, need } from "./client";
import { Problem } from "./problem";
import { send } from "./sending";

const calls: Request[] = [];
let answers: (() => Promise<Response>)[] = [];

beforeEach(() => {
    calls.length = 0;
    answers = [];
    vi.stubGlobal("fetch", (request: Request) => {
        calls.push(request);
        return (answers.shift() ?? (() => Promise.resolve(Response.json({ id: calls.length }))))();
    });
});
afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
});

function write(body: unknown, headers: Record<string, string> = {}, method = "POST"): Request {
    return new Request("http://127.0.0.1/api/v1/messages", {
        method,
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", ...headers },
    });
}

const refused = (seconds: number) => () =>
    Promise.resolve(new Response(null, { status: 429, headers: { "Retry-After": `${seconds}` } }));

it("sends a write once while it is on its way, and gives both callers its answer", async () => {
    const [one, other] = await Promise.all([send(write({ a: 1 })), send(write({ a: 1 }))]);
    expect(calls).toHaveLength(1);
    expect([await one.json(), await other.json()]).toEqual([{ id: 1 }, { id: 1 }]);
    await send(write({ a: 1 }));
    expect(calls).toHaveLength(2);
});

it("sends writes of other bodies, keys and parties, and each read", async () => {
    const read = () => new Request("http://127.0.0.1/api/v1/limits");
    await Promise.all([
        send(write({ a: 1 })),
        send(write({ a: 2 })),
        send(write({ a: 1 }, { "Recapito-Acting-As": "other" })),
        send(write({ a: 1 }, { "Idempotency-Key": "other" })),
        send(write({ a: 1 }, {}, "PUT")),
        send(read()),
        send(read()),
    ]);
    expect(calls).toHaveLength(7);
});

it("waits as the API asks, and sends the same write again", async () => {
    vi.useFakeTimers();
    answers = [refused(2)];
    const answer = send(write({ a: 1 }, { "Idempotency-Key": "k" }));
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await answer).status).toBe(200);
    expect(await Promise.all(calls.map((one) => one.text()))).toEqual(['{"a":1}', '{"a":1}']);
    expect(calls.map((one) => one.headers.get("Idempotency-Key"))).toEqual(["k", "k"]);
});

it("tells a long wait, and does not wait for ever", async () => {
    answers = [refused(60)];
    await expect(need(send(write(1)).then(asAnswer))).rejects.toMatchObject({
        status: 429,
        retryAfter: 60,
    });
    expect(calls).toHaveLength(1);
    vi.useFakeTimers();
    answers = [refused(1), refused(1), refused(1)];
    const last = send(write(1));
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await last).status).toBe(429);
    expect(calls).toHaveLength(4);
});

it("sends nothing again by itself after a broken connection or a fault", async () => {
    answers = [() => Promise.reject(new TypeError("gone"))];
    const broken: Problem = await answered(send(write(1)).then(asAnswer)).catch((one) => one);
    expect(broken).toBeInstanceOf(Problem);
    expect([broken.status, broken.isUnanswered]).toEqual([0, true]);
    answers = [() => Promise.resolve(Response.json({ title: "away" }, { status: 503 }))];
    await expect(need(send(write(1)).then(asAnswer))).rejects.toMatchObject({ status: 503 });
    expect(calls).toHaveLength(2);
});

it.each([
    [0, true],
    [400, false],
    [409, false],
    [429, false],
    [500, true],
    [502, true],
    [503, true],
    [504, true],
])("knows whether a write may have been done after %i", (status, isOpen) => {
    expect(new Problem(status, "", "").isUnanswered).toBe(isOpen);
});

it("does not give the answer of an aborted write to the next one", async () => {
    const stop = new AbortController();
    const wait = () => new Promise<Response>((_, fail) => (stop.signal.onabort = () => fail(stop)));
    answers = [wait];
    const first = send(new Request(write({ a: 1 }), { signal: stop.signal }));
    const isOver = expect(first).rejects.toBe(stop);
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    stop.abort();
    expect((await send(write({ a: 1 }))).status).toBe(200);
    await isOver;
});

it("keeps the key of a body until its write is answered", () => {
    const attempts = new Attempts();
    const key = attempts.keyOf({ subject: "A" });
    expect(attempts.keyOf({ subject: "B" })).not.toBe(key);
    expect(attempts.keyOf({ subject: "A" })).toBe(key);
    attempts.done({ subject: "A" });
    expect(attempts.keyOf({ subject: "A" })).not.toBe(key);
});

async function asAnswer(response: Response) {
    const error: unknown = await response.json().catch(() => undefined);
    return { response, ...(response.ok ? { data: error } : { error }) };
}
