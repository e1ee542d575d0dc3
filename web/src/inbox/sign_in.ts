import { need } from "../api/client";
import { Problem, problemOf } from "../api/problem";
import type { components } from "../made/citizens";
import { own } from "./api";
import { party, partyOf } from "./party";
import { pageAfter } from "./way_back";

export type Provider = components["schemas"]["LoginProvider"];

/** A citizen of the sandbox, who signs in with one click. */
export interface SandboxCitizen {
    fiscal_code: string;
    name: string;
    /** The case of the citizen, in Italian. */
    about: string;
}

/** The page of a tab that was opened for the login of another one. */
export const SIGNED_IN = "/inbox/signed-in";

/** Return the providers at which citizens log in here; none where nobody logs in. */
export async function providers(): Promise<Provider[]> {
    try {
        return (await need(own.GET("/api/auth/v1/providers", {}))).items;
    } catch (error) {
        if (error instanceof Problem && error.status === 404) return [];
        throw error;
    }
}

/** Return the citizens of the sandbox; none in an installation, which has no sandbox. */
export async function sandboxCitizens(): Promise<SandboxCitizen[]> {
    const answer = await fetch("/sandbox/start").catch(() => undefined);
    if (!answer?.ok) return [];
    return ((await answer.json()) as { citizens: SandboxCitizen[] }).citizens;
}

/** Begin the session of a sandbox citizen; raise Problem. */
export async function beginInSandbox(fiscalCode: string): Promise<void> {
    const answer = await fetch("/sandbox/session", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Recapito-CSRF": "1" },
        body: JSON.stringify({ fiscal_code: fiscalCode }),
    }).catch(() => undefined);
    if (!answer?.ok) throw problemOf(answer, await answer?.json().catch(() => undefined));
}

/** Return where the browser logs in; it comes back to the page that is asked for now. */
export function loginAddress(provider: Provider, wanted = placeNow()): string {
    return `${provider.login_url}&state=${encodeURIComponent(wanted.slice(0, 500))}`;
}

function placeNow(): string {
    return location.pathname + location.search;
}

/** Whether the provider refused the login from which the browser has just come. */
export let wasRefused = false;

/**
 * After a login: go on with the page that was asked for before it. Runs before the router. A page of
 * another party is loaded anew: the party of this tab is that of its first address.
 */
export function comeBack(): void {
    const query = new URLSearchParams(location.search);
    if (!query.has("state") && !query.has("error")) return;
    wasRefused = query.has("error");
    const wanted = pageAfter(query.get("state"), location.origin);
    if (partyOf(wanted) === party) history.replaceState(null, "", wanted);
    else location.replace(wanted);
}
