/**
 * Registers the worker, with which the app can be installed, starts without a network, and shows
 * pushes. Browsers take a script's address only from a named policy (Trusted Types).
 */
const ADDRESS = "/inbox/worker.js";

interface Policies {
    createPolicy(
        name: string,
        rules: { createScriptURL: (url: string) => string },
    ): {
        createScriptURL(url: string): unknown;
    };
}

export async function registerWorker(): Promise<void> {
    if (!("serviceWorker" in navigator)) return;
    const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
    const policy = policies?.createPolicy("recapito", {
        createScriptURL: (url) => (url === ADDRESS ? url : ""),
    });
    const address = (policy?.createScriptURL(ADDRESS) ?? ADDRESS) as string;
    await navigator.serviceWorker.register(address, { scope: "/inbox/" });
}
