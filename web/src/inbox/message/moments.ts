/** Return the moment of an hour of a day in Rome, in UTC. */
export function momentOf(date: string, hour: number): string {
    const wanted = `${String(hour).padStart(2, "0")}`;
    for (const offset of ["+01:00", "+02:00"]) {
        const moment = new Date(`${date}T${wanted}:00:00${offset}`);
        const there = new Intl.DateTimeFormat("sv-SE", {
            timeZone: "Europe/Rome",
            hour: "2-digit",
            hourCycle: "h23",
        }).format(moment);
        if (there === wanted) return moment.toISOString();
    }
    return new Date(`${date}T${wanted}:00:00Z`).toISOString();
}
