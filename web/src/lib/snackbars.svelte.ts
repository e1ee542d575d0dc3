export interface Snackbar {
    id: number;
    text: string;
    action?: { label: string; run: () => void };
}

const SECONDS = 8;
const MOST = 3;
let last = 0;
let isHeld = false;

/** The short reports at the foot of the page, the newest last. */
export const snackbars = $state<Snackbar[]>([]);

/** Report that something was done, with a way to undo it. */
export function report(text: string, action?: Snackbar["action"]): void {
    const id = ++last;
    snackbars.push({ id, text, action });
    if (snackbars.length > MOST) snackbars.shift();
    leaveLater(id);
}

/** Let the reports stay while the reader is at them. */
export function hold(): void {
    isHeld = true;
}

export function release(): void {
    isHeld = false;
}

export function dismiss(id: number): void {
    const index = snackbars.findIndex((one) => one.id === id);
    if (index >= 0) snackbars.splice(index, 1);
    if (!snackbars.length) release();
}

function leaveLater(id: number): void {
    setTimeout(() => (isHeld ? leaveLater(id) : dismiss(id)), SECONDS * 1000);
}
