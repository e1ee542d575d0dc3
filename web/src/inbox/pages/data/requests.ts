import { need } from "../../../api/client";
import { Problem } from "../../../api/problem";
import type { components } from "../../../made/citizens";
import { api } from "../../api";

export type Request = components["schemas"]["UserDataProcessing"];
type Choice = Request["choice"];

const PATH = "/api/identity/v1/user-data-processing";

/** Return the latest request; undefined where there is none. */
export async function readRequest(choice: Choice): Promise<Request | undefined> {
    try {
        return await need(api.GET(`${PATH}/{choice}`, { params: { path: { choice } } }));
    } catch (error) {
        if (error instanceof Problem && error.status === 404) return undefined;
        throw error;
    }
}

/** Make a request; one that another window made meanwhile is as good. */
export async function makeRequest(choice: Choice): Promise<Request | undefined> {
    try {
        return await need(api.POST(PATH, { body: { choice } }));
    } catch (error) {
        if (error instanceof Problem && error.status === 409) {
            const found = await readRequest(choice);
            if (found && isOpen(found)) return found;
        }
        throw error;
    }
}

export async function abortDeletion(): Promise<void> {
    const path = { choice: "DELETE" } as const;
    await need(api.DELETE(`${PATH}/{choice}`, { params: { path } }));
}

export const isOpen = (request: Request): boolean =>
    request.status === "PENDING" || request.status === "WIP";
