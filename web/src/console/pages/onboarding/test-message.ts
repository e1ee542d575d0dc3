import { Attempts } from "../../../api/attempts";
import { clientOf, need } from "../../../api/client";
import { until } from "../../../api/following";
import type { paths } from "../../../made/senders";
import { keysApi } from "../../api";
import { readKeys } from "../../session.svelte";

/** The recipient that belongs to no person, and to whom each service may write (IO's contract). */
export const TEST_RECIPIENT = "AAAAAA00A00A000A";

const PACE = { first: 500, longest: 2_000, most: 12_000 };
const ENDS = ["PROCESSED", "REJECTED", "FAILED"] as const;

const attempts = new Attempts();

type Outcome = (typeof ENDS)[number] | "waiting";

/** Send a message with the key of a service, and wait until something became of it; raise Problem. */
export async function sendTest(
    key: string,
    content: { subject: string; markdown: string },
): Promise<Outcome> {
    const held = await need(keysApi.add(key));
    const api = clientOf<paths>(() => ({ "Recapito-Acting-As": held.subscription_id }));
    const body = {
        fiscal_code: TEST_RECIPIENT,
        content,
        time_to_live: 3600,
        feature_level_type: "STANDARD" as const,
    };
    const params = { header: { "Idempotency-Key": attempts.keyOf([body, held.subscription_id]) } };
    const sent = await need(api.POST("/api/v1/messages", { params, body }));
    attempts.done([body, held.subscription_id]);
    await readKeys();
    const path = { fiscal_code: TEST_RECIPIENT, id: sent.id };
    const look = async () => {
        const found = await need(
            api.GET("/api/v1/messages/{fiscal_code}/{id}", { params: { path } }),
        );
        return ENDS.find((one) => one === found.status);
    };
    return (await until(look, PACE)) ?? "waiting";
}
