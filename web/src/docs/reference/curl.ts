import type { Document, Found } from "./document";

const KEYS: Record<string, string> = {
    SenderKey: "Ocp-Apim-Subscription-Key: sandbox-sender-key",
    ManageKey: "Ocp-Apim-Subscription-Key: sandbox-manage-key",
    OperatorKey: "Ocp-Apim-Subscription-Key: sandbox-operator-key",
    PaymentsKey: "Ocp-Apim-Subscription-Key: sandbox-payments-key",
    CitizenToken: "Authorization: Bearer $TOKEN",
};

/** Return a call of an operation to paste in a shell; names in capitals are to be replaced. */
export function curlOf(document: Document, { method, path, operation }: Found): string {
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
    const lines = [`curl${method === "GET" ? "" : ` -X ${method}`} "$BASE${address}"`];
    for (const scheme of (operation.security ?? []).flatMap((one) => Object.keys(one))) {
        const header = KEYS[scheme] ?? headerOf(document, scheme);
        if (!header) continue;
        lines.push(`-H "${header}"`);
        break;
    }
    for (const [media, content] of Object.entries(operation.requestBody?.content ?? {}).slice(
        0,
        1,
    )) {
        lines.push(`-H "Content-Type: ${media}"`);
        if (content.example === undefined) lines.push("--data-binary @FILE");
        else lines.push(`-d '${JSON.stringify(content.example).replaceAll("'", "'\\''")}'`);
    }
    return lines.join(" \\\n  ");
}

function headerOf(document: Document, name: string): string {
    const scheme = document.components.securitySchemes[name];
    return scheme?.in === "header" ? `${scheme.name}: …` : "";
}
