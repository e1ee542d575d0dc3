const AMOUNT = /^(\d{1,3}(?:\.\d{3})+|\d{1,8})(?:[,.](\d{1,2}))?$/;

/** Return an amount of euro as people write it, such as 1.250,50 or 12.5, in cents. */
export function centsOf(text: string): number | undefined {
    const found = AMOUNT.exec(text.replace(/[\s€]/g, ""));
    if (!found) return undefined;
    const cents = Number((found[1] ?? "").replaceAll(".", "")) * 100;
    return cents + Number((found[2] ?? "").padEnd(2, "0") || 0);
}

/** Return an amount of cents as its input shows it. */
export function euroText(cents: number): string {
    return `${Math.floor(cents / 100)},${String(cents % 100).padStart(2, "0")}`;
}
