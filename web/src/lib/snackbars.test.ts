import { afterEach, beforeEach, expect, it, vi } from "vitest";

const { dismiss, focus, hold, prolong, release, report, snackbars } =
    await import("./snackbars.svelte");

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
    for (const why of ["focus", "pointer", "hidden"] as const) release(why);
    for (const { id } of [...snackbars]) dismiss(id);
    vi.useRealTimers();
});

const texts = () => snackbars.map((one) => one.text);
const wait = (seconds: number) => vi.advanceTimersByTime(seconds * 1000);

it("A report goes after a while", () => {
    report("Spostato nel cestino");
    wait(7.9);
    expect(texts()).toEqual(["Spostato nel cestino"]);
    wait(0.2);
    expect(texts()).toEqual([]);
});

it.each(["focus", "pointer", "hidden"] as const)(
    "A report stays while the reader is at it or sees nothing, and its time after it: %s",
    (why) => {
        report("Spostato nel cestino");
        wait(7);
        hold(why);
        wait(3_600);
        report("Archiviato");
        wait(3_600);
        release(why);
        wait(7.9);
        expect(texts()).toEqual(["Spostato nel cestino", "Archiviato"]);
        wait(0.2);
        expect(texts()).toEqual([]);
    },
);

it("A report stays for each reason", () => {
    hold("focus");
    hold("pointer");
    report("Archiviato");
    release("pointer");
    wait(3_600);
    expect(texts()).toEqual(["Archiviato"]);
    release("focus");
    wait(8);
    expect(texts()).toEqual([]);
});

it("A report stays while the reader is on the way to it", () => {
    report("Archiviato");
    for (let steps = 0; steps < 20; steps++) {
        wait(5);
        prolong();
    }
    expect(texts()).toEqual(["Archiviato"]);
});

it("Three reports at most are shown, the newest", () => {
    for (const text of ["1", "2", "3", "4"]) report(text);
    expect(texts()).toEqual(["2", "3", "4"]);
});

it("A new report drops none that has the focus", () => {
    report("1");
    focus(snackbars[0]?.id);
    hold("focus");
    for (const text of ["2", "3", "4"]) report(text);
    expect(texts()).toEqual(["1", "3", "4"]);
});

it("A report that went with the focus holds up no later one", () => {
    report("Archiviato");
    hold("focus");
    hold("pointer");
    for (const { id } of [...snackbars]) dismiss(id);
    report("Ripristinato");
    wait(8);
    expect(texts()).toEqual([]);
});
