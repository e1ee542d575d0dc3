/**
 * The API's time: its answers tell it, since the clock of a device may be wrong, and that of a
 * sandbox can be moved.
 */
let ahead = 0;

/** What a device's clock may differ, beside the way of the answer. */
const TOLERANCE = 90_000;

/** Take the time of an answer. */
export function noteTime(response: Response): void {
    const said = Date.parse(response.headers.get("date") ?? "");
    if (Number.isNaN(said)) return;
    const difference = said - Date.now();
    ahead = Math.abs(difference) > TOLERANCE ? difference : 0;
}

export function now(): Date {
    return new Date(Date.now() + ahead);
}
