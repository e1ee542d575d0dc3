/**
 * The Idempotency-Keys of a page's writes: a second try has the key of the first, so that what a
 * lost answer hides is not done twice.
 */
export class Attempts {
    private keys = new Map<string, string>();

    /** Return the key of a body: the same until `done`. */
    keyOf(body: unknown): string {
        const text = JSON.stringify(body);
        const key = this.keys.get(text) ?? crypto.randomUUID();
        this.keys.set(text, key);
        return key;
    }

    /** The write is answered: the same body again is another write. */
    done(body: unknown): void {
        this.keys.delete(JSON.stringify(body));
    }
}
