import { t } from "../lib/texts.svelte";
import type { HeldKey } from "./api";

/** Return the name of a key as its holder knows it: its service, or its organisation. */
export function nameOf(one: HeldKey): string {
    const name = one.service_name ?? one.organization_name;
    return name ?? t(`keys.kind_${one.kind}`);
}

/** Return the organisation and the role of a key, where its name does not say them. */
export function roleOf(one: HeldKey): string {
    const organization = one.service_name ? one.organization_name : undefined;
    const role = t(`keys.kind_${one.kind}`);
    return [organization, role === nameOf(one) ? undefined : role].filter(Boolean).join(" · ");
}
