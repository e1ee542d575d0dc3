/** The members of a public key that the API takes; a private one stays in the browser. */
const PUBLIC = ["kty", "kid", "n", "e", "crv", "x", "y"] as const;

/** Return the public keys of a text: a key, a list of keys, or a set of keys (RFC 7517). */
export function keysIn(text: string): Record<string, unknown>[] | undefined {
    if (!text.trim()) return [];
    try {
        const read: unknown = JSON.parse(text);
        const held = isObject(read) && Array.isArray(read.keys) ? read.keys : read;
        const list: unknown[] = Array.isArray(held) ? held : [held];
        if (!list.every(isObject)) return undefined;
        return list.map((one) =>
            Object.fromEntries(
                PUBLIC.filter((name) => name in one).map((name) => [name, one[name]]),
            ),
        );
    } catch {
        return undefined;
    }
}

function isObject(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
