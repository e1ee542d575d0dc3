import type { Route } from "../lib/router.svelte";

/** The pages beside the messages; each is loaded when it is opened. */
export const pages: Route[] = [
    { path: "/profile", load: () => import("./pages/profile/ProfilePage.svelte") },
    {
        path: "/profile/notifications",
        load: () => import("./pages/profile/ProfileNotificationsPage.svelte"),
    },
    { path: "/profile/email", load: () => import("./pages/profile/ProfileEmailPage.svelte") },
    {
        path: "/profile/languages",
        load: () => import("./pages/profile/ProfileLanguagesPage.svelte"),
    },
    { path: "/profile/services", load: () => import("./pages/profile/ProfileModePage.svelte") },
    { path: "/services", load: () => import("./pages/services/ServicesPage.svelte") },
    {
        path: "/services/institutions/:id",
        load: () => import("./pages/services/ServicesInstitutionPage.svelte"),
    },
    { path: "/services/:id", load: () => import("./pages/services/SenderPage.svelte") },
    { path: "/delegations", load: () => import("./pages/delegations/DelegationsPage.svelte") },
    {
        path: "/delegations/new",
        load: () => import("./pages/delegations/DelegationsNewPage.svelte"),
    },
    {
        path: "/delegations/take",
        load: () => import("./pages/delegations/DelegationsTakePage.svelte"),
    },
    { path: "/devices", load: () => import("./pages/devices/DevicesPage.svelte") },
    { path: "/data", load: () => import("./pages/data/DataPage.svelte") },
    { path: "/access-log", load: () => import("./pages/data/AccessLogPage.svelte") },
    { path: "/documents", load: () => import("./pages/data/DocumentsPage.svelte") },
    {
        path: "/certificates",
        load: () => import("./pages/certificates/CertificatesPage.svelte"),
    },
    {
        path: "/certificates/:service/:name",
        load: () => import("./pages/certificates/CertificatesNewPage.svelte"),
    },
];
