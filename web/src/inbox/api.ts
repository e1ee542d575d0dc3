import { clientOf } from "../api/client";
import type { paths } from "../made/citizens";

const PARTY = "Recapito-Party";
let party: string | undefined;

/** Act for a party from now on, by the id of the delegation; undefined: in the own inbox. */
export function actFor(delegationId: string | undefined): void {
    party = delegationId;
}

/** Return the headers of each call: the party is that of this tab's address. */
export const headers = (): Record<string, string> => (party ? { [PARTY]: party } : {});

export const api = clientOf<paths>(headers);
