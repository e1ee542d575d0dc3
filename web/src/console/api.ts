import { clientOf, OWN, requestOf } from "../api/client";
import { problemOf } from "../api/problem";
import { MOST_FOR_FILE, send } from "../api/sending";
import type { paths as Operations } from "../made/operations";
import type { paths as Senders } from "../made/senders";

const ACTING_AS = "Recapito-Acting-As";
const KEYS = "/api/console/v1/keys";
let acting: string | undefined;
let onRefusal: () => void = () => undefined;

export type Kind = "SERVICE" | "MANAGE" | "OPERATIONS";

/** A key that this browser holds, without the key. */
export interface HeldKey {
    subscription_id: string;
    kind: Kind;
    service_id?: string;
    service_name?: string;
    organization_name?: string;
    organization_fiscal_code?: string;
    groups: string[];
    expires_at: string;
}

/** Use a subscription's key in each call from now on. */
export function actAs(id: string | undefined): void {
    acting = id;
}

/** Call `run` when the API does not know the key of a call any more. */
export function whenRefused(run: () => void): void {
    onRefusal = run;
}

/** Return the headers of each call: they name the key, which the browser adds itself. */
export const headers = (): Record<string, string> => (acting ? { [ACTING_AS]: acting } : {});

const watch = {
    onResponse({ response }: { response: Response }) {
        if (response.status === 401 && acting) onRefusal();
        return undefined;
    },
};

export const api = clientOf<Senders>(headers);
export const operations = clientOf<Operations>(headers);
api.use(watch);
operations.use(watch);

type Answered<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

async function call<T>(method: string, path: string, body?: unknown): Answered<T> {
    const request = requestOf(path, {
        method,
        headers: { ...OWN, "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    const response = await send(request);
    const content: unknown = await response.json().catch(() => undefined);
    return response.ok ? { data: content as T, response } : { error: content, response };
}

/** The sign-ins of this browser: a key goes in once, and never comes back. */
export const keysApi = {
    list: () => call<{ items: HeldKey[] }>("GET", KEYS),
    add: (key: string) => call<HeldKey>("POST", KEYS, { key }),
    forget: (id: string) => call<void>("DELETE", `${KEYS}/${id}`),
    forgetAll: () => call<void>("DELETE", KEYS),
};

/** Upload bytes as they are; raise Problem. */
export async function putBytes(
    path: string,
    body: Blob,
    type: string,
    signal?: AbortSignal,
): Promise<unknown> {
    const sent = { ...OWN, "Content-Type": type, ...headers() };
    const request = requestOf(path, { method: "PUT", headers: sent, body, signal });
    const response = await send(request, MOST_FOR_FILE);
    const content: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw problemOf(response, content);
    return content;
}
