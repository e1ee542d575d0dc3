/** A refusal of the API (RFC 9457), or the absence of an answer (`status` 0). */
export class Problem extends Error {
    constructor(
        readonly status: number,
        readonly title: string,
        readonly detail: string,
        readonly errors: readonly FieldError[] = [],
        readonly retryAfter = 0,
    ) {
        super(`${status} ${title}`);
    }

    /** Whether nobody said what became of the call: it may have been done. */
    get isUnanswered(): boolean {
        return [0, 502, 504].includes(this.status);
    }

    /** What the API says of a field: `pointer` ends with its name. */
    of(field: string): string | undefined {
        return this.errors.find((one) => one.pointer === field || one.pointer.endsWith(`/${field}`))
            ?.detail;
    }
}

export interface FieldError {
    pointer: string;
    detail: string;
}

/** Return the problem of a refused answer. */
export function problemOf(response: Response | undefined, body: unknown): Problem {
    if (!response) return new Problem(0, "", "");
    const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    const text = (name: string) => (typeof said[name] === "string" ? (said[name] as string) : "");
    const errors = Array.isArray(said.errors) ? (said.errors as FieldError[]) : [];
    const wait = Number(response.headers.get("retry-after") ?? 0);
    return new Problem(response.status, text("title"), text("detail"), errors, wait);
}
