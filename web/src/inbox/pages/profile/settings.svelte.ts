import { need } from "../../../api/client";
import { Problem } from "../../../api/problem";
import { t } from "../../../lib/texts.svelte";
import type { components } from "../../../made/citizens";
import { api } from "../../api";

export type Profile = components["schemas"]["InitializedProfile"];
export type Changes = Omit<components["schemas"]["ProfileUpdate"], "version">;

/** The settings of the inbox, as they are stored. Drafts belong to the forms. */
export class Settings {
    stored: Profile = $state.raw() as unknown as Profile;

    constructor(read: Profile) {
        this.stored = read;
    }

    static async read(): Promise<Settings> {
        return new Settings(await need(api.GET("/api/identity/v1/profile", {})));
    }

    /** Change the version that was read. After a conflict the next try changes the present one. */
    async save(changes: Changes): Promise<void> {
        const body = { ...changes, version: this.stored.version };
        try {
            this.stored = await need(api.POST("/api/identity/v1/profile", { body }));
        } catch (error) {
            if (error instanceof Problem && error.status === 409) {
                this.stored = (await Settings.read()).stored;
            }
            throw error;
        }
    }
}

/** Return what a refusal of a change means, where the API's words are for programmers. */
export function meaning(problem: Problem): string | undefined {
    if (problem.status === 409) return t("profile.conflict");
    if (problem.status === 412) return t("profile.email_taken");
    return undefined;
}

/** Return the refusal of a field that the page itself checks. */
export function wrong(field: string, detail: string): Problem {
    return new Problem(400, "", "", [{ pointer: `#/${field}`, detail }]);
}
