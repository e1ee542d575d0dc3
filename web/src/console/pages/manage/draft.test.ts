import { expect, it } from "vitest";

import { Problem } from "../../../api/problem";
import { dataOf, draftOf, saidOf, type Service } from "./draft";

const SERVICE: Service = {
    id: "01",
    status: { value: "approved" },
    last_update: "2026-11-01T08:00:00.000Z",
    name: "Tassa sui rifiuti",
    description: "Avvisi.",
    organization: { name: "Comune di Esempio", fiscal_code: "01234567890" },
    max_allowed_payment_amount: 150_050,
    authorized_cidrs: ["192.0.2.0/24"],
    authorized_recipients: [],
    require_secure_channel: true,
    suitable_for_minors: true,
    metadata: { scope: "LOCAL", cta: "kept", topic: { id: 11, name: "Tributi" } },
};

it("sends back what the form does not show", () => {
    const data = dataOf(draftOf(SERVICE, ""), SERVICE, "01234567890");
    expect(data.metadata.cta).toBe("kept");
    expect(data.metadata.topic_id).toBe(11);
    expect(data.metadata).not.toHaveProperty("topic");
    expect(data.suitable_for_minors).toBe(true);
    expect(data.max_allowed_payment_amount).toBe(150_050);
    expect(data.authorized_cidrs).toEqual(["192.0.2.0/24"]);
});

it("finds the refusal of one entry of a list", () => {
    const errors = [{ pointer: "/authorized_cidrs/0", detail: "must be a network" }];
    expect(saidOf(new Problem(400, "", "", errors), "authorized_cidrs")).toBe("must be a network");
    expect(saidOf(new Problem(400, "", "", errors), "name")).toBeUndefined();
});
