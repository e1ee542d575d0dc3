const HOME = "/inbox/";

/** Return the page that a login leads to; the inbox, where `state` names no page of it. */
export function pageAfter(state: string | null, origin: string): string {
    const wanted = state && URL.canParse(state, origin) ? new URL(state, origin) : undefined;
    const isOurs = wanted?.origin === origin && wanted.pathname.startsWith(HOME);
    return wanted && isOurs ? wanted.pathname + wanted.search : HOME;
}
