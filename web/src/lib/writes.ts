/**
 * Do a write, then read what it changes. A refused write is followed by the same read: somebody
 * else may have decided, and the page shows the present state behind the refusal.
 */
export async function thenRead<T>(write: () => Promise<T>, read: () => void): Promise<T> {
    try {
        return await write();
    } finally {
        read();
    }
}
