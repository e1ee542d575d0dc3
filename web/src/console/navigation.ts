import type { IconName } from "../components/icons";
import type { TextKey } from "../made/text-keys";
import type { HeldKey, Kind } from "./api";

/** An entry of the menu, for the keys of some kinds. */
export interface Item {
    path: string;
    text: TextKey;
    icon: IconName;
    kinds: readonly Kind[];
}

export const ITEMS: readonly Item[] = [
    {
        path: "/",
        text: "console.nav_home",
        icon: "it-presentation",
        kinds: ["SERVICE", "MANAGE", "OPERATIONS"],
    },
    { path: "/send", text: "send.title", icon: "it-mail", kinds: ["SERVICE"] },
    { path: "/batches", text: "batch.title", icon: "it-files", kinds: ["SERVICE"] },
    { path: "/sent", text: "sent.title", icon: "it-list", kinds: ["SERVICE"] },
    { path: "/templates", text: "templates.title", icon: "it-file", kinds: ["SERVICE"] },
    {
        path: "/reminders",
        text: "words.reminders",
        icon: "it-clock",
        kinds: ["SERVICE", "MANAGE"],
    },
    {
        path: "/statistics",
        text: "statistics.statistics",
        icon: "it-chart-line",
        kinds: ["SERVICE"],
    },
    { path: "/services", text: "words.services", icon: "it-settings", kinds: ["MANAGE"] },
    { path: "/delegations", text: "delegations.delegations", icon: "it-user", kinds: ["MANAGE"] },
    { path: "/remote-contents", text: "remote.title", icon: "it-software", kinds: ["MANAGE"] },
    { path: "/organization", text: "services.organization", icon: "it-pa", kinds: ["MANAGE"] },
    { path: "/queues", text: "operator.queues", icon: "it-list", kinds: ["OPERATIONS"] },
    {
        path: "/dead-letters",
        text: "operator.dead_letters",
        icon: "it-warning-circle",
        kinds: ["OPERATIONS"],
    },
    { path: "/claims", text: "operator.claims", icon: "it-help-circle", kinds: ["OPERATIONS"] },
    { path: "/reviews", text: "operator.reviews", icon: "it-check-circle", kinds: ["OPERATIONS"] },
    {
        path: "/organizations",
        text: "operator.organizations",
        icon: "it-pa",
        kinds: ["OPERATIONS"],
    },
    { path: "/featured", text: "featured.title", icon: "it-star-outline", kinds: ["OPERATIONS"] },
    {
        path: "/service-rights",
        text: "rights.title",
        icon: "it-key",
        kinds: ["OPERATIONS"],
    },
    { path: "/log", text: "operators_log.log", icon: "it-file", kinds: ["OPERATIONS"] },
    {
        path: "/limits",
        text: "statistics.limits",
        icon: "it-exchange-circle",
        kinds: ["SERVICE", "MANAGE"],
    },
];

/** The rights of which a service's key needs one for its pages; the key of a payment node has none. */
const SENDING: readonly string[] = ["ApiMessageWrite", "ApiLimitedMessageWrite", "ApiMessageRead"];
const OF_EACH_KEY: readonly string[] = ["/", "/limits"];

/** Return whether a key is that of a service which sends. */
export function sends(key: HeldKey): boolean {
    return key.kind === "SERVICE" && key.groups.some((one) => SENDING.includes(one));
}

/** Return whether a key may use an entry's pages. */
export function mayUse(item: Item, key: HeldKey): boolean {
    if (!item.kinds.includes(key.kind)) return false;
    return key.kind !== "SERVICE" || sends(key) || OF_EACH_KEY.includes(item.path);
}

/** Return the entries of the menu for a key. */
export function itemsOf(key: HeldKey): Item[] {
    return ITEMS.filter((one) => mayUse(one, key));
}

/** Return whether a path is an entry's page, or below it. */
export function isAt(item: Item, path: string): boolean {
    return path === item.path || (item.path !== "/" && path.startsWith(`${item.path}/`));
}
