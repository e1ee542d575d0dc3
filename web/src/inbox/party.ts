/**
 * The party of this tab: for whom the citizen acts, by the id of a delegation. It is a part of the
 * address, so two tabs act for two parties, and another party is another load of the page: nothing
 * of one party is left where another's is shown.
 */
const OWN = "/inbox";
const FORM = new RegExp(`^${OWN}/as/([0-9A-Za-z]{26})(?=[/?]|$)`);

/** The id of the delegation; undefined in the own inbox. */
export const party: string | undefined = partyOf(location.pathname);

/** The base of all addresses of this tab. */
export const base: string = baseOf(party);

/** Return the delegation of an address; undefined in the own inbox. */
export function partyOf(address: string): string | undefined {
    return FORM.exec(address)?.[1];
}

/** Return the base of a party's addresses. A link to another party has `rel="external"`. */
export function baseOf(delegationId: string | undefined): string {
    return delegationId ? `${OWN}/as/${delegationId}` : OWN;
}
