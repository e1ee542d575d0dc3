/** The waits between two calls: while somebody looks, and how far they grow when nobody does. */
export const LOOKING = 1_500;
const UNATTENDED = 30_000;
const HIDDEN = 300_000;
/** After so long without a sign of a reader, the page counts as unattended. */
const PATIENCE = 300_000;

/** Return the wait before the next call. */
export function nextWait(before: number, isHidden: boolean, unattendedFor: number): number {
    if (!isHidden && unattendedFor < PATIENCE) return LOOKING;
    return Math.min(Math.max(before, LOOKING) * 2, isHidden ? HIDDEN : UNATTENDED);
}
