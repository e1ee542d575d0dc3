import { clientOf } from "../api/client";
import { tag } from "../lib/texts.svelte";
import type { paths } from "../made/citizens";
import { party } from "./party";

const language = (): Record<string, string> => ({ "Accept-Language": tag() });

/** Return the headers of each call: the party is that of this tab's address. */
export const headers = (): Record<string, string> => ({
    ...language(),
    ...(party ? { "Recapito-Party": party } : {}),
});

/** The calls for the party of this tab: the reader, or for whom the reader acts. */
export const api = clientOf<paths>(headers);

/** The calls for the reader, in a tab of another party too: the session, and who the parties are. */
export const own = clientOf<paths>(language);
