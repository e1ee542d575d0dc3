import type { Route } from "../lib/router.svelte";
import { officeRoutes } from "./routes-of-offices";

export const routes: Route[] = [
    { path: "/", load: () => import("./pages/HomePage.svelte") },
    { path: "/send", load: () => import("./pages/SendPage.svelte") },
    { path: "/sent", load: () => import("./pages/SentPage.svelte") },
    { path: "/sent/recall", load: () => import("./pages/SentRecallPage.svelte") },
    { path: "/sent/:id", load: () => import("./pages/MessagePage.svelte") },
    { path: "/batches", load: () => import("./pages/BatchListPage.svelte") },
    { path: "/batches/new", load: () => import("./pages/BatchNewPage.svelte") },
    { path: "/batches/:id", load: () => import("./pages/BatchPage.svelte") },
    { path: "/templates", load: () => import("./pages/TemplatesPage.svelte") },
    { path: "/templates/new", load: () => import("./pages/TemplatePage.svelte") },
    { path: "/templates/:name", load: () => import("./pages/TemplatePage.svelte") },
    { path: "/reminders", load: () => import("./pages/RemindersPage.svelte") },
    { path: "/access", load: () => import("./pages/AccessPage.svelte") },
    ...officeRoutes,
    { path: "/accessibility", load: () => import("../components/Accessibility.svelte") },
];
