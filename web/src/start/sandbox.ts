import { problemOf } from "../api/problem";

export interface Start {
    version: string;
    stack: "embedded" | "azure";
    citizens: { fiscal_code: string; case: string }[];
    keys: { key: string; role: string }[];
}

export interface Captured {
    [name: string]: unknown;
}

/** Call an endpoint of the sandbox, which no installation has; raise Problem. */
export async function sandbox<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(path, {
        method,
        headers:
            body === undefined ? {} : { "Content-Type": "application/json", "Recapito-CSRF": "1" },
        body: body === undefined ? undefined : JSON.stringify(body),
    }).catch(() => undefined);
    const text = await response?.text();
    const said: unknown = text ? JSON.parse(text) : undefined;
    if (!response?.ok) throw problemOf(response, said);
    return said as T;
}
