import { need } from "../../api/client";
import { api, putBytes } from "../api";
import { sha256Of } from "../send/upload";

/** The longest list that one request uploads, and the size of the parts of a longer one. */
const WHOLE = 8_000_000;
const PART = 4_000_000;

/** Return the media type of a list by the ending of its name. */
export function mediaTypeOf(name: string): string {
    if (/\.json$/i.test(name)) return "application/json";
    if (/\.(jsonl|ndjson)$/i.test(name)) return "application/x-ndjson";
    return "text/csv";
}

/** Upload the recipients of a batch, a long list in parts; raise Problem. */
export async function uploadList(
    id: string,
    file: File,
    onprogress: (share: number) => void,
): Promise<void> {
    const type = mediaTypeOf(file.name);
    if (file.size <= WHOLE) {
        await putBytes(`/api/v1/batches/${id}/recipients`, file, type);
        return onprogress(1);
    }
    const parts = Math.ceil(file.size / PART);
    for (let number = 1; number <= parts; number++) {
        const part = file.slice((number - 1) * PART, number * PART);
        const path = `/api/v1/batches/${id}/recipients/parts/${number}`;
        await putBytes(path, part, "application/octet-stream");
        onprogress(number / (parts + 1));
    }
    const body = { parts, sha256: await sha256Of(file), content_type: type };
    await need(api.POST("/api/v1/batches/{id}/recipients", { params: { path: { id } }, body }));
    onprogress(1);
}
