import type { Route } from "../lib/router.svelte";

/** The pages of the inbox. A page that few open is loaded when it is opened. */
export const routes: Route[] = [
    { path: "/", load: () => import("./pages/InboxPage.svelte") },
    { path: "/accessibility", load: () => import("../components/Accessibility.svelte") },
];
