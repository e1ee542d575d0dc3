/**
 * The party of this tab: for whom the citizen acts, by the id of a delegation. It is a part of the
 * address, so two tabs act for two parties, and another party is another load of the page: nothing
 * of one party is left where another's is shown.
 */
const OWN = "/inbox";
const found = new RegExp(`^${OWN}/as/([0-9A-Za-z]{26})(?=/|$)`).exec(location.pathname);

/** The id of the delegation; undefined in the own inbox. */
export const party: string | undefined = found?.[1];

/** The base of all addresses of this tab. */
export const base: string = baseOf(party);

/** Return the base of a party's addresses. A link to another party has `rel="external"`. */
export function baseOf(delegationId: string | undefined): string {
    return delegationId ? `${OWN}/as/${delegationId}` : OWN;
}
