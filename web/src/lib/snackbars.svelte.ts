export interface Snackbar {
    id: number;
    text: string;
    action?: { label: string; run: () => void };
}

/** Why the reports stay: the reader is at them, or sees nothing of the page. */
export type Hold = "focus" | "pointer" | "hidden";

const SECONDS = 8;
const MOST = 3;
let last = 0;
let atFocus: number | undefined;
const holds = new Set<Hold>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** The short reports at the foot of the page, the newest last. */
export const snackbars = $state<Snackbar[]>([]);

/** Report that something was done, with a way to undo it. */
export function report(text: string, action?: Snackbar["action"]): void {
    const id = ++last;
    snackbars.push({ id, text, action });
    if (snackbars.length > MOST) {
        // at least the one that the reader is at stays
        const oldest = snackbars.find((one) => one.id !== atFocus);
        if (oldest) dismiss(oldest.id);
    }
    prolong();
}

/** Note which report has the focus. */
export function focus(id: number | undefined): void {
    atFocus = id;
}

/** Let the reports stay until each reason is gone, and their whole time after it. */
export function hold(why: Hold): void {
    holds.add(why);
    for (const timer of timers.values()) clearTimeout(timer);
}

export function release(why: Hold): void {
    if (holds.delete(why)) prolong();
}

/** Let the time of the reports begin anew: the reader may be on the way to them. */
export function prolong(): void {
    if (holds.size) return;
    for (const { id } of snackbars) {
        clearTimeout(timers.get(id));
        timers.set(
            id,
            setTimeout(() => dismiss(id), SECONDS * 1000),
        );
    }
}

export function dismiss(id: number): void {
    clearTimeout(timers.get(id));
    timers.delete(id);
    const index = snackbars.findIndex((one) => one.id === id);
    if (index >= 0) snackbars.splice(index, 1);
    if (snackbars.length) return;
    // what goes with the focus or below the pointer does not say everywhere that it lost it
    atFocus = undefined;
    holds.delete("focus");
    holds.delete("pointer");
}
