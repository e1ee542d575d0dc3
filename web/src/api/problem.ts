import { language, said } from "../lib/texts.svelte";

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

    /** Whether nobody said what became of the call: it may have been done, also before a fault. */
    get isUnanswered(): boolean {
        return this.status === 0 || this.status >= 500;
    }

    /** What is wrong with a field, in words of the reader: `pointer` ends with its name. */
    of(field: string): string | undefined {
        const found = this.errors.find(
            (one) => one.pointer === field || one.pointer.endsWith(`/${field}`),
        );
        return found && fieldText(found);
    }
}

/** What is wrong, or odd, at a place of a request. `code`: the kind of the rule. */
export interface Told {
    pointer: string;
    code?: string;
    detail: string;
}

/** A field that was refused. `detail`: in words of the reader. */
export interface FieldError {
    readonly pointer: string;
    /** The kind of the rule, where the API gives it. */
    readonly code?: string;
    readonly detail: string;
    /** The language of the detail, where it is another than the reader's. */
    readonly lang?: "en";
}

/** Return the words of the reader for a code of the API; undefined for a code without any. */
export function ownWords({ code }: Told): string | undefined {
    return code ? (said(`faults.${code}`) ?? said(`warnings.${code}`)) : undefined;
}

/** Return what the API tells in words of the reader; its own words, in English, without them. */
export function toldText(one: Told): { text: string; lang?: "en" } {
    const text = ownWords(one);
    return text === undefined ? { text: one.detail, lang: "en" } : { text };
}

/**
 * Return why a field was refused. A reader of another language than the API's learns of a rule
 * without a kind only that the value breaks it: the hint of the field says more.
 */
export function fieldText(one: FieldError): string {
    return (one.lang && language() !== one.lang && said("form.invalid")) || one.detail;
}

class Refused implements FieldError {
    constructor(private told: Told) {}

    get pointer() {
        return this.told.pointer;
    }

    get code() {
        return this.told.code;
    }

    get detail() {
        return toldText(this.told).text;
    }

    get lang() {
        return toldText(this.told).lang;
    }
}

/** Return the problem of a refused answer. */
export function problemOf(response: Response | undefined, body: unknown): Problem {
    if (!response) return new Problem(0, "", "");
    const answer = (typeof body === "object" && body !== null ? body : {}) as Record<
        string,
        unknown
    >;
    const text = (name: string) =>
        typeof answer[name] === "string" ? (answer[name] as string) : "";
    const errors = Array.isArray(answer.errors)
        ? (answer.errors as Told[]).map((one) => new Refused(one))
        : [];
    const wait = Number(response.headers.get("retry-after") ?? 0);
    return new Problem(response.status, text("title"), text("detail"), errors, wait);
}
