import type { Route } from "../lib/router.svelte";
import { pages } from "./pages";
import InboxPage from "./pages/InboxPage.svelte";

const list: Route["load"] = () => Promise.resolve({ default: InboxPage });

/** The pages of the inbox. The list comes with the app; a page beside it is loaded when opened. */
export const routes: Route[] = [
    { path: "/", load: list },
    { path: "/archive", load: list },
    { path: "/bin", load: list },
    { path: "/messages/:id", load: () => import("./pages/MessagePage.svelte") },
    ...pages,
    { path: "/signed-in", load: () => import("./pages/SignedInPage.svelte") },
    { path: "/accessibility", load: () => import("../components/Accessibility.svelte") },
];
