import { Problem } from "./problem";

/** How long to wait between two looks at what changes by itself, in milliseconds. */
export interface Pace {
    first: number;
    longest: number;
}

/** A wait is this share of the time for which nothing has happened. */
const SHARE = 0.2;
/** So many looks in a row may fail before whoever waits is told. */
const MOST_FAILURES = 4;
/** The wait after a look without an answer, in milliseconds; the next ones are twice as long each. */
const UNANSWERED = 1_500;
/** What shows that somebody looks: the waits begin anew. */
const SIGNS = ["pointerdown", "keydown", "focus"] as const;

const waitOf = ({ first, longest }: Pace, since: number) =>
    Math.min(longest, Math.max(first, since * SHARE));

/**
 * Look again and again, until the returned function is called. The waits grow while nobody does
 * anything, a look that fails does not end it, and a tab that is hidden does not look. Nothing makes
 * a wait shorter that the API asked for.
 */
export function follow(look: () => Promise<unknown>, pace: Pace): () => void {
    let [began, planned, notBefore] = [Date.now(), 0, 0];
    let [isOver, isLooking] = [false, false];
    let timer: ReturnType<typeof setTimeout> | undefined;

    function plan(wait: number): void {
        clearTimeout(timer);
        planned = Math.max(wait, notBefore - Date.now());
        if (!isOver && !document.hidden) timer = setTimeout(() => void turn(), planned);
    }

    async function turn(): Promise<void> {
        isLooking = true;
        try {
            await look();
        } catch (error) {
            if (error instanceof Problem) notBefore = Date.now() + error.retryAfter * 1000;
        }
        isLooking = false;
        plan(waitOf(pace, Date.now() - began));
    }

    function noteReader(): void {
        began = Date.now();
        if (!isLooking && planned > pace.first) plan(pace.first);
    }

    function noteTab(): void {
        began = Date.now();
        // what was missed is looked at at once
        if (!isLooking) plan(0);
    }

    for (const sign of SIGNS) addEventListener(sign, noteReader, { passive: true });
    document.addEventListener("visibilitychange", noteTab);
    plan(pace.first);
    return () => {
        isOver = true;
        clearTimeout(timer);
        for (const sign of SIGNS) removeEventListener(sign, noteReader);
        document.removeEventListener("visibilitychange", noteTab);
    };
}

/**
 * Look until there is a result, and return it; undefined when so many milliseconds are over. The
 * first look is made at once. Raise what a look raises; without an answer it is made again first.
 */
export async function until<T>(
    look: () => Promise<T | undefined>,
    pace: Pace & { most: number },
    signal?: AbortSignal,
): Promise<T | undefined> {
    let [failures, asked] = [0, 0];
    for (let waited = 0; ;) {
        try {
            const found = await look();
            if (found !== undefined) return found;
            [failures, asked] = [0, 0];
        } catch (error) {
            const mayPass =
                error instanceof Problem && (error.isUnanswered || error.status === 429);
            if (!mayPass || ++failures === MOST_FAILURES) throw error;
            asked = error.retryAfter * 1000;
        }
        if (waited >= pace.most) return undefined;
        const next = failures ? UNANSWERED * 2 ** (failures - 1) : waitOf(pace, waited);
        const wait = Math.max(next, asked);
        await pause(wait, signal);
        waited += wait;
    }
}

/** Wait so many milliseconds; raise at once where the signal says that nobody waits any more. */
async function pause(wait: number, signal?: AbortSignal): Promise<void> {
    // it may have come during the look, and is told only once
    signal?.throwIfAborted();
    await new Promise<void>((wake) => {
        const end = () => {
            clearTimeout(timer);
            signal?.removeEventListener("abort", end);
            wake();
        };
        const timer = setTimeout(end, wait);
        signal?.addEventListener("abort", end);
    });
    signal?.throwIfAborted();
}
