import type { Attempts } from "../../api/attempts";
import { need } from "../../api/client";
import { until } from "../../api/following";
import type { components } from "../../made/senders";
import { api, putBytes } from "../api";

type Attachment = components["schemas"]["AttachmentView"];

const PART = 4 * 1024 * 1024;
/** A check takes seconds; one that takes longer is looked at again when the reader asks. */
const CHECK = { first: 700, longest: 10_000, most: 60_000 };

/**
 * Upload a file in parts, and wait until it is checked, or is still checked after a while; raise
 * Problem. A second try goes on.
 */
export async function upload(
    file: File,
    attempts: Attempts,
    onprogress: (share: number) => void,
    signal: AbortSignal,
): Promise<Attachment> {
    const body = { name: file.name, size: file.size, sha256: await sha256Of(file) };
    const header = { "Idempotency-Key": attempts.keyOf(body) };
    const made = await need(api.POST("/api/v1/attachments", { params: { header }, body, signal }));
    // the API takes no part of a file that an earlier try completed
    if (made.status === "UPLOADING") await sendParts(file, made, onprogress, signal);
    const params = { path: { id: made.id } };
    let checked =
        made.status === "UPLOADING" || made.status === "CHECKING"
            ? await need(api.POST("/api/v1/attachments/{id}/completion", { params, signal }))
            : made;
    onprogress(1);
    if (!isChecked(checked)) {
        const look = async () => {
            checked = await need(api.GET("/api/v1/attachments/{id}", { params, signal }));
            return isChecked(checked) || undefined;
        };
        await until(look, CHECK, signal);
    }
    return checked;
}

const isChecked = (one: Attachment) => one.status === "READY" || one.status === "REFUSED";

async function sendParts(
    file: File,
    made: Attachment,
    onprogress: (share: number) => void,
    signal: AbortSignal,
): Promise<void> {
    for (let number = 1; number <= made.parts; number++) {
        const part = file.slice((number - 1) * PART, number * PART);
        const path = `/api/v1/attachments/${made.id}/parts/${number}`;
        await putBytes(path, part, "application/octet-stream", signal);
        onprogress(number / (made.parts + 1));
    }
}

/** Return the SHA-256 hash of a file, in hex. */
export async function sha256Of(file: Blob): Promise<string> {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(hash)].map((one) => one.toString(16).padStart(2, "0")).join("");
}
