const PLACEHOLDER = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*)/gu;

/** Return the names of the placeholders of a template's texts, in their order. */
export function namesIn(...texts: string[]): string[] {
    const found = texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)]);
    return [...new Set(found.map((one) => plain(one[1] ?? "")))];
}

/** Return which placeholders a change adds and drops: lists and calls need the added ones. */
export function broken(before: string[], after: string[]): { added: string[]; gone: string[] } {
    return {
        added: after.filter((one) => !before.includes(one)),
        gone: before.filter((one) => !after.includes(one)),
    };
}

function plain(name: string): string {
    return name.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
}
