import { need } from "../api/client";
import type { components } from "../made/citizens";
import { own } from "./api";
import { party } from "./party";

export type Party = components["schemas"]["PartyAnswer"];
export type Right = components["schemas"]["Right"];

/** For whom the reader may act. `current`: the party of this tab; undefined in the own inbox. */
export const parties = $state<{
    items: Party[];
    current?: Party;
    state: "new" | "ready" | "failed";
}>({ items: [], state: "new" });

export async function readParties(): Promise<void> {
    try {
        const found = (await need(own.GET("/api/identity/v1/parties", {}))).items;
        parties.items = found.filter((one) => one.state === "ACTIVE");
        parties.current = parties.items.find((one) => one.id === party);
        parties.state = "ready";
    } catch {
        parties.state = "failed";
    }
}

/** Tell whether the reader has a right in this tab's inbox: all of them in the own one. */
export function may(right: Right): boolean {
    return party === undefined || (parties.current?.rights.includes(right) ?? false);
}
