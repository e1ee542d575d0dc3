import { Problem } from "../../../api/problem";
import { centsOf, euroText } from "../../../lib/amounts";
import type { components } from "../../../made/senders";

export type Service = components["schemas"]["ServiceLifecycle"];
type Data = components["schemas"]["ServiceData"];

/** The optional texts of a service, in the order of the form. */
export const LINKS = ["privacy_url", "tos_url", "web_url", "support_url"] as const;
export const CONTACTS = ["email", "pec", "phone", "address"] as const;
type Link = (typeof LINKS)[number] | (typeof CONTACTS)[number];

/** What the form holds: texts as they are typed. */
export interface Draft extends Record<Link, string> {
    name: string;
    description: string;
    organization_name: string;
    department_name: string;
    scope: "LOCAL" | "NATIONAL";
    topic_id: string;
    authorized_recipients: string;
    authorized_cidrs: string;
    amount: string;
    require_secure_channel: boolean;
}

/** Return the form of a service, or an empty one. */
export function draftOf(service: Service | undefined, organizationName: string): Draft {
    const metadata = service?.metadata;
    const texts = Object.fromEntries(
        [...LINKS, ...CONTACTS].map((name) => [name, metadata?.[name] ?? ""]),
    ) as Record<Link, string>;
    return {
        ...texts,
        name: service?.name ?? "",
        description: service?.description ?? "",
        organization_name: service?.organization.name ?? organizationName,
        department_name: service?.organization.department_name ?? "",
        scope: metadata?.scope ?? "LOCAL",
        topic_id: metadata?.topic ? String(metadata.topic.id) : "",
        authorized_recipients: (service?.authorized_recipients ?? []).join("\n"),
        authorized_cidrs: (service?.authorized_cidrs ?? []).join("\n"),
        amount: euroText(service?.max_allowed_payment_amount ?? 0),
        require_secure_channel: service?.require_secure_channel ?? false,
    };
}

/** Return the body of a call; what the form does not show stays as it was. */
export function dataOf(draft: Draft, before: Service | undefined, fiscalCode: string): Data {
    const { topic: _, ...kept } = before?.metadata ?? { topic: undefined };
    const texts = Object.fromEntries(
        [...LINKS, ...CONTACTS].map((name) => [name, draft[name].trim() || undefined]),
    );
    return {
        name: draft.name.trim(),
        description: draft.description.trim(),
        organization: {
            name: draft.organization_name.trim(),
            fiscal_code: fiscalCode,
            department_name: draft.department_name.trim() || undefined,
        },
        require_secure_channel: draft.require_secure_channel,
        authorized_recipients: linesOf(draft.authorized_recipients.toUpperCase()),
        authorized_cidrs: linesOf(draft.authorized_cidrs),
        max_allowed_payment_amount: centsOf(draft.amount || "0") ?? 0,
        suitable_for_minors: before?.suitable_for_minors,
        metadata: { ...kept, ...texts, scope: draft.scope, topic_id: Number(draft.topic_id) },
    };
}

function linesOf(text: string): string[] {
    return text.split(/[\s,;]+/).filter(Boolean);
}

/** Return what the API says of a field, or of a part of it such as one network of a list. */
export function saidOf(error: unknown, field: string): string | undefined {
    if (!(error instanceof Problem)) return undefined;
    return error.errors.find((one) => one.pointer.split("/").includes(field))?.detail;
}
