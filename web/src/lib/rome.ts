const ZONE = "Europe/Rome";

/**
 * Return a day and an hour of Rome's clock as a moment in UTC, as the API takes it. A day that is
 * none, such as one of the year 20261, stays as it is: the API refuses it at its field.
 */
export function romeMoment(day: string, time = "23:59:59"): string {
    const text = `${day}T${time.length === 5 ? `${time}:00` : time}Z`;
    // the time zones of early years have no whole seconds, and a year that is typed begins so
    if (!/^[12]\d{3}-/.test(day)) return text;
    const wanted = Date.parse(text);
    // the second turn counts where summer time begins or ends between the two guesses
    let moment = wanted - offsetAt(wanted);
    moment = wanted - offsetAt(moment);
    return new Date(moment).toISOString();
}

/** Return a moment as the value of an input of day and hour, by Rome's clock. */
export function romeInput(moment: string): string {
    return written(Date.parse(moment)).slice(0, 16).replace(" ", "T");
}

function offsetAt(moment: number): number {
    return Date.parse(`${written(moment).replace(" ", "T")}Z`) - Math.floor(moment / 1000) * 1000;
}

function written(moment: number): string {
    return new Intl.DateTimeFormat("sv-SE", {
        timeZone: ZONE,
        dateStyle: "short",
        timeStyle: "medium",
    }).format(moment);
}
