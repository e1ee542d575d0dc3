import type { components } from "../../made/senders";

export type Configuration = components["schemas"]["ConfigurationAnswer"];
type Body = Omit<Configuration, "configuration_id" | "user_id">;
type Host = components["schemas"]["Environment"];

/** What the form holds of a host: texts as they are typed. */
export interface HostDraft {
    isOn: boolean;
    base_url: string;
    header_key_name: string;
    key: string;
    type: string;
    hasCertificate: boolean;
    client_cert: string;
    client_key: string;
    server_ca: string;
}

export interface Draft {
    name: string;
    description: string;
    has_precondition: Configuration["has_precondition"];
    is_lollipop_enabled: boolean;
    test_users: string;
    test: HostDraft;
    prod: HostDraft;
}

/** The API has it in place of a secret; sent again, the stored secret stays. */
export const KEPT = "********";

/** Return the form of a configuration, or an empty one. */
export function draftOf(one: Configuration | undefined): Draft {
    return {
        name: one?.name ?? "",
        description: one?.description ?? "",
        has_precondition: one?.has_precondition ?? "NEVER",
        is_lollipop_enabled: one?.is_lollipop_enabled ?? false,
        test_users: (one?.test_environment?.test_users ?? []).join("\n"),
        test: hostOf(one?.test_environment, one === undefined),
        prod: hostOf(one?.prod_environment, false),
    };
}

function hostOf(host: Host | undefined, isOn: boolean): HostDraft {
    const by = host?.details_authentication;
    return {
        isOn: isOn || host !== undefined,
        base_url: host?.base_url ?? "",
        header_key_name: by?.header_key_name ?? "",
        key: by?.key ?? "",
        type: by?.type ?? "API-KEY",
        hasCertificate: by?.cert !== undefined,
        client_cert: by?.cert?.client_cert ?? "",
        client_key: by?.cert?.client_key ?? "",
        server_ca: by?.cert?.server_ca ?? "",
    };
}

/** Return the body of a call; what the form does not show stays as it was. */
export function bodyOf(draft: Draft, before: Configuration | undefined): Body {
    const test_users = draft.test_users
        .toUpperCase()
        .split(/[\s,;]+/)
        .filter(Boolean);
    return {
        name: draft.name.trim(),
        description: draft.description.trim(),
        has_precondition: draft.has_precondition,
        is_lollipop_enabled: draft.is_lollipop_enabled,
        disable_lollipop_for: before?.disable_lollipop_for ?? [],
        ...(draft.test.isOn && { test_environment: { ...sentHost(draft.test), test_users } }),
        ...(draft.prod.isOn && { prod_environment: sentHost(draft.prod) }),
    };
}

function sentHost(host: HostDraft): Host {
    const { client_cert, client_key, server_ca } = host;
    return {
        base_url: host.base_url.trim(),
        details_authentication: {
            header_key_name: host.header_key_name.trim(),
            key: host.key,
            type: host.type.trim(),
            ...(host.hasCertificate && { cert: { client_cert, client_key, server_ca } }),
        },
    };
}
