import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { follow, until } from "./following";
import { Problem } from "./problem";

const MINUTE = 60_000;
const PACE = { first: 1_000, longest: 10_000 };
const GONE = new Problem(0, "", "");

class Tab extends EventTarget {
    hidden = false;
}
let tab: Tab;
let page: EventTarget;
let looks = 0;

beforeEach(() => {
    [tab, page, looks] = [new Tab(), new EventTarget(), 0];
    vi.useFakeTimers();
    vi.stubGlobal("document", tab);
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
});
afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
});

async function looksDuring(milliseconds: number): Promise<number> {
    const before = looks;
    await vi.advanceTimersByTimeAsync(milliseconds);
    return looks - before;
}

function showTab(isShown: boolean): void {
    tab.hidden = !isShown;
    tab.dispatchEvent(new Event("visibilitychange"));
}

describe("what is followed", () => {
    it("is looked at more seldom as time passes, and ends", async () => {
        const stop = follow(async () => ++looks, PACE);
        expect(await looksDuring(5_000)).toBe(5);
        await looksDuring(MINUTE);
        expect(await looksDuring(MINUTE)).toBe(6);
        page.dispatchEvent(new Event("keydown"));
        expect(await looksDuring(5_000)).toBe(5);
        stop();
        showTab(true);
        page.dispatchEvent(new Event("keydown"));
        expect(await looksDuring(MINUTE)).toBe(0);
    });

    it("is not looked at in a hidden tab, and at once when it is shown", async () => {
        follow(async () => ++looks, PACE);
        showTab(false);
        page.dispatchEvent(new Event("focus"));
        expect(await looksDuring(10 * MINUTE)).toBe(0);
        showTab(true);
        expect(await looksDuring(0)).toBe(1);
    });

    it("is looked at again after an error, when the API allows it", async () => {
        const errors = [GONE, new Problem(429, "", "", [], 30)];
        follow(async () => {
            const error = errors[looks++];
            if (error) throw error;
        }, PACE);
        expect(await looksDuring(2_000)).toBe(2);
        page.dispatchEvent(new Event("keydown"));
        showTab(false);
        showTab(true);
        expect(await looksDuring(29_000)).toBe(0);
        expect(await looksDuring(2_000)).toBe(1);
    });
});

describe("what is awaited", () => {
    const until_ = (look: () => Promise<string | undefined>, signal?: AbortSignal) =>
        until(look, { ...PACE, most: MINUTE }, signal);

    it("is returned when it is there", async () => {
        const found = until_(async () => (++looks === 3 ? "done" : undefined));
        await looksDuring(2_000);
        expect(looks).toBe(3);
        expect(await found).toBe("done");
    });

    it("is given up after a while", async () => {
        const found = until_(async () => void ++looks);
        await looksDuring(2 * MINUTE);
        expect(await found).toBeUndefined();
        expect(looks).toBeLessThan(25);
    });

    it("outlives a lost answer, and no refusal", async () => {
        const errors = [GONE, undefined, GONE, GONE, undefined, new Problem(403, "", "")];
        const found = until_(async () => {
            const error = errors[looks++];
            if (error) throw error;
            return undefined;
        }).catch((error: unknown) => error);
        await looksDuring(MINUTE);
        expect(await found).toMatchObject({ status: 403 });
        expect(looks).toBe(6);
    });

    it("is told after so many lost answers", async () => {
        const found = until_(async () => {
            looks++;
            throw GONE;
        }).catch((error: unknown) => error);
        await looksDuring(MINUTE);
        expect(await found).toBe(GONE);
        expect(looks).toBe(4);
    });

    it("is looked at again no earlier than the API allows", async () => {
        const found = until_(async () => {
            if (looks++ === 0) throw new Problem(429, "", "", [], 20);
            return "done";
        });
        await looksDuring(19_000);
        expect(looks).toBe(1);
        await looksDuring(2_000);
        expect(await found).toBe("done");
    });

    it("outlives a network that is lost for ten seconds", async () => {
        const end = Date.now() + 10_000;
        const found = until_(async () => {
            if (Date.now() < end) throw GONE;
            return "done";
        });
        await looksDuring(MINUTE);
        expect(await found).toBe("done");
    });

    it("ends when it is not wanted any more", async () => {
        const stop = new AbortController();
        const found = until_(async () => void ++looks, stop.signal).catch(() => "stopped");
        await looksDuring(1_000);
        stop.abort();
        await looksDuring(0);
        expect(await found).toBe("stopped");
        expect(looks).toBe(2);
    });

    it("ends when it was given up during a look", async () => {
        const stop = new AbortController();
        const look = async () => void (++looks === 2 && stop.abort());
        const found = until_(look, stop.signal).catch(() => "stopped");
        await looksDuring(1_000);
        expect(await Promise.race([found, "waits"])).toBe("stopped");
        expect(looks).toBe(2);
    });
});

it("is the one way in which pages look again: none sets an interval", () => {
    const root = resolve(import.meta.dirname, "..");
    const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
        (name) => /\.(svelte|ts)$/.test(name) && !name.endsWith(".test.ts"),
    );
    expect(sources.length).toBeGreaterThan(200);
    const found = sources.filter((name) =>
        readFileSync(join(root, name), "utf8").includes("setInterval"),
    );
    expect(found).toEqual([]);
});
