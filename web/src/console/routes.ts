import type { Route } from "../lib/router.svelte";

export const routes: Route[] = [
    { path: "/", load: () => import("./pages/HomePage.svelte") },
    { path: "/access", load: () => import("./pages/AccessPage.svelte") },
    { path: "/accessibility", load: () => import("../components/Accessibility.svelte") },
];
