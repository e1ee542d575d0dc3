import type { Route } from "../lib/router.svelte";

/** The pages of organisations, which manage services, and of operators. */
export const officeRoutes: Route[] = [
    { path: "/onboarding", load: () => import("./pages/onboarding/OnboardingPage.svelte") },
    { path: "/services", load: () => import("./pages/manage/ServicesPage.svelte") },
    { path: "/services/new", load: () => import("./pages/manage/ServiceNewPage.svelte") },
    { path: "/services/:id", load: () => import("./pages/manage/ServicePage.svelte") },
    { path: "/services/:id/edit", load: () => import("./pages/manage/ServiceEditPage.svelte") },
    { path: "/services/:id/keys", load: () => import("./pages/manage/ServiceKeysPage.svelte") },
    {
        path: "/services/:id/history",
        load: () => import("./pages/manage/ServiceHistoryPage.svelte"),
    },
    {
        path: "/services/:id/sending",
        load: () => import("./pages/manage/ServiceSendingPage.svelte"),
    },
    {
        path: "/services/:id/clients",
        load: () => import("./pages/manage/ServiceClientsPage.svelte"),
    },
    { path: "/remote-contents", load: () => import("./pages/remote/RemoteContentsPage.svelte") },
    {
        path: "/remote-contents/new",
        load: () => import("./pages/remote/RemoteContentNewPage.svelte"),
    },
    { path: "/remote-contents/:id", load: () => import("./pages/remote/RemoteContentPage.svelte") },
    { path: "/delegations", load: () => import("./pages/manage/DelegationsPage.svelte") },
    { path: "/organization", load: () => import("./pages/manage/OrganizationPage.svelte") },
    { path: "/statistics", load: () => import("./pages/statistics/StatisticsPage.svelte") },
    { path: "/limits", load: () => import("./pages/statistics/LimitsPage.svelte") },
    { path: "/queues", load: () => import("./pages/operator/QueuesPage.svelte") },
    { path: "/dead-letters", load: () => import("./pages/operator/DeadLettersPage.svelte") },
    {
        path: "/dead-letters/:queue",
        load: () => import("./pages/operator/DeadLetterQueuePage.svelte"),
    },
    { path: "/reviews", load: () => import("./pages/operator/ReviewsPage.svelte") },
    { path: "/organizations", load: () => import("./pages/operator/OrganizationsPage.svelte") },
    { path: "/featured", load: () => import("./pages/operator/FeaturedPage.svelte") },
    { path: "/service-rights", load: () => import("./pages/operator/ServiceRightsPage.svelte") },
    { path: "/log", load: () => import("./pages/operator/LogPage.svelte") },
    { path: "/claims", load: () => import("./pages/operator/ClaimsPage.svelte") },
];
