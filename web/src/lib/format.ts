import { t, tag } from "./texts.svelte";

/** Days and hours of citizens are those of Rome, wherever the browser is. */
const ZONE = "Europe/Rome";

/** Return an amount of integer euro cents as money. */
export function money(cents: number): string {
    // 1.500,00 as on paper: some languages group from five digits on alone
    const options = { style: "currency", currency: "EUR", useGrouping: "always" } as const;
    return new Intl.NumberFormat(tag(), options).format(cents / 100);
}

export function day(moment: string | Date): string {
    return written(moment, { day: "numeric", month: "long", year: "numeric" });
}

export function dayAndTime(moment: string | Date): string {
    return written(moment, {
        day: "numeric",
        month: "long",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
    });
}

/** Return the day and the hour in which something comes, where its minute is not known yet. */
export function dayAndHour(moment: string | Date): string {
    const hour = new Date(moment).toLocaleTimeString("en-GB", { timeZone: ZONE, hour: "2-digit" });
    const from = Number(hour);
    return t("words.between_hours", { date: day(moment), from, to: from + 1 });
}

/** Return a short date of a list: the hour for today, else day and month, with the year if another. */
export function shortDay(moment: string | Date, now = new Date()): string {
    const key = (one: Date) => one.toLocaleDateString("sv-SE", { timeZone: ZONE });
    const then = new Date(moment);
    if (key(then) === key(now)) return written(then, { hour: "2-digit", minute: "2-digit" });
    const sameYear = key(then).slice(0, 4) === key(now).slice(0, 4);
    return written(then, {
        day: "numeric",
        month: "short",
        ...(sameYear ? {} : { year: "numeric" }),
    });
}

/** Return the calendar day of Rome as YYYY-MM-DD. */
export function isoDay(moment: string | Date): string {
    return new Date(moment).toLocaleDateString("sv-SE", { timeZone: ZONE });
}

/** Return the whole days of Rome from one moment to another. */
export function daysBetween(from: string | Date, to: string | Date): number {
    return Math.round((Date.parse(isoDay(to)) - Date.parse(isoDay(from))) / 86_400_000);
}

export function bytes(count: number): string {
    const [unit, size] = count >= 1e6 ? ["megabyte", 1e6] : ["kilobyte", 1e3];
    const options = { style: "unit", unit, maximumFractionDigits: 1 } as const;
    return new Intl.NumberFormat(tag(), options).format(count / (size as number));
}

function written(moment: string | Date, options: Intl.DateTimeFormatOptions): string {
    const at = new Date(moment);
    // a day that is being typed may be none, such as one of the year 20261
    if (Number.isNaN(at.getTime())) return String(moment);
    return new Intl.DateTimeFormat(tag(), { timeZone: ZONE, ...options }).format(at);
}
