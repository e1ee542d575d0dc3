import { need } from "../../../api/client";
import { Problem } from "../../../api/problem";
import type { components } from "../../../made/citizens";
import { api } from "../../api";

export type Service = components["schemas"]["CatalogService"];

/** A service that a citizen meets. `details`: absent where it is not in the catalogue. */
export interface Sender {
    id: string;
    name: string;
    organization: string;
    details?: Service;
}

/** Return a service; one that is not in the catalogue has the names of its last message. */
export async function readSender(id: string): Promise<Sender> {
    const path = { service_id: id };
    try {
        const details = await need(
            api.GET("/api/catalog/v1/services/{service_id}", { params: { path } }),
        );
        return { id, name: details.name, organization: details.organization.name, details };
    } catch (error) {
        if (!(error instanceof Problem && error.status === 404)) throw error;
        const query = { sender_service_id: id, page_size: 1, enrich_result_data: true } as const;
        const page = await need(api.GET("/api/communication/v1/messages", { params: { query } }));
        const last = page.items[0];
        if (!last || !("service_name" in last) || !last.service_name) throw error;
        return { id, name: last.service_name, organization: last.organization_name ?? "" };
    }
}

/** Return the services of an institution, of which there may be some hundreds. */
export async function servicesOf(
    institution: string,
): Promise<components["schemas"]["ServiceMinified"][]> {
    const path = { institution_id: institution };
    const found: components["schemas"]["ServiceMinified"][] = [];
    for (;;) {
        const query = { limit: 100, offset: found.length };
        const page = await need(
            api.GET("/api/catalog/v1/institutions/{institution_id}/services", {
                params: { path, query },
            }),
        );
        found.push(...page.services);
        if (!page.services.length || found.length >= page.count) return found;
    }
}

/** Return an address that a page may link to; undefined for any other text. */
export function webAddress(text: string | undefined): string | undefined {
    if (!text || !URL.canParse(text)) return undefined;
    return /^https?:$/.test(new URL(text).protocol) ? text : undefined;
}
