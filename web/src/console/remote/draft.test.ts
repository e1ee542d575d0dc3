import { expect, it } from "vitest";

import { bodyOf, draftOf, KEPT, type Configuration } from "./draft";

const STORED: Configuration = {
    configuration_id: "01",
    user_id: "MANAGE",
    name: "Referti",
    description: "I referti restano da noi.",
    has_precondition: "ONCE",
    is_lollipop_enabled: true,
    disable_lollipop_for: ["AAAAAA00A00A000A"],
    test_environment: {
        base_url: "https://test.example.org",
        details_authentication: { header_key_name: "X-Key", key: KEPT, type: "API-KEY" },
        test_users: ["AAAAAA00A00A000A"],
    },
    prod_environment: {
        base_url: "https://www.example.org",
        details_authentication: {
            header_key_name: "X-Key",
            key: KEPT,
            type: "API-KEY",
            cert: { client_cert: "a", client_key: KEPT, server_ca: "b" },
        },
    },
};

it("sends back a configuration as it was read, its hidden secrets among it", () => {
    const { configuration_id: _, user_id: __, ...body } = STORED;
    expect(bodyOf(draftOf(STORED), STORED)).toEqual(body);
});

it("leaves out a host that is switched off", () => {
    const draft = draftOf(STORED);
    draft.prod.isOn = false;
    expect(bodyOf(draft, STORED)).not.toHaveProperty("prod_environment");
});

it("begins with the host for tests", () => {
    expect(draftOf(undefined).test.isOn).toBe(true);
    expect(draftOf(undefined).prod.isOn).toBe(false);
});
