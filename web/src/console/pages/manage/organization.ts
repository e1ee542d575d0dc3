import { need } from "../../../api/client";
import { Problem } from "../../../api/problem";
import { api } from "../../api";
import { session } from "../../session.svelte";

/** Return the organisation of the key, as the services name it; the name may be unknown. */
export function ownOrganization(): { name: string; fiscal_code: string } {
    const { organization_name = "", organization_fiscal_code = "" } = session.acting ?? {};
    return { name: organization_name, fiscal_code: organization_fiscal_code };
}

/** Read the record of the organisation; undefined for one of before there were records. */
export async function readOrganization() {
    const params = { path: { fiscal_code: ownOrganization().fiscal_code } };
    try {
        return await need(api.GET("/api/v1/organizations/{fiscal_code}", { params }));
    } catch (error) {
        if (error instanceof Problem && error.status === 404) return undefined;
        throw error;
    }
}

export interface Named {
    id: string;
    name: string;
}

/** Read the services of the organisation by their names, up to 1,000. */
export async function readServices(): Promise<Named[]> {
    const [limit, most] = [100, 1_000];
    const found: Named[] = [];
    for (let offset = 0; offset < most; offset += limit) {
        const query = { limit, offset };
        const { value, pagination } = await need(
            api.GET("/api/v1/manage/services", { params: { query } }),
        );
        found.push(...value.map(({ id, name }) => ({ id, name })));
        if (!value.length || found.length >= pagination.count) break;
    }
    return found;
}

/** Read what the form of a service needs. */
export async function readForForm() {
    const [{ topics }, found] = await Promise.all([
        need(api.GET("/api/v1/manage/services/topics", {})),
        readOrganization(),
    ]);
    const own = ownOrganization();
    return { topics, organization: { ...own, name: own.name || (found?.name ?? "") } };
}
