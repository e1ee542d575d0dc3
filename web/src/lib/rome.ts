const ZONE = "Europe/Rome";

/** Return a day and an hour of Rome's clock as a moment in UTC, as the API takes it. */
export function romeMoment(day: string, time = "23:59:59"): string {
    const wanted = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`);
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
