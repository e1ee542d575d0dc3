import type { Route } from "../lib/router.svelte";

/** The pages of the documentation. They are in English, the language of the API. */
export const routes: Route[] = [
    { path: "/", load: () => import("./pages/HomePage.svelte") },
    { path: "/accessibility", load: () => import("../components/Accessibility.svelte") },
    { path: "/reference/:audience", load: () => import("./pages/ReferencePage.svelte") },
    { path: "/reference/:audience/:operation", load: () => import("./pages/OperationPage.svelte") },
    { path: "/:guide", load: () => import("./pages/GuidePage.svelte") },
];
