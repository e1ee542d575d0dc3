import { clientOf } from "../api/client";
import { tag } from "../lib/texts.svelte";
import type { paths } from "../made/citizens";
import { party } from "./party";

/** Return the headers of each call: the party is that of this tab's address. */
export const headers = (): Record<string, string> => ({
    "Accept-Language": tag(),
    ...(party ? { "Recapito-Party": party } : {}),
});

export const api = clientOf<paths>(headers);
