import { OWN, requestOf } from "./client";
import { problemOf } from "./problem";
import { MOST_FOR_FILE, send } from "./sending";

/** Fetch a file of any size: the API answers up to 4 MiB at a time; raise Problem. */
export async function wholeFile(path: string, headers: Record<string, string>): Promise<Blob> {
    const parts: Blob[] = [];
    let first = 0;
    let size = 1;
    while (first < size) {
        const asked = { ...OWN, ...headers, Range: `bytes=${first}-` };
        const response = await send(requestOf(path, { headers: asked }), MOST_FOR_FILE);
        if (!response.ok) throw problemOf(response, await response.json().catch(() => undefined));
        const part = await response.blob();
        parts.push(part);
        first += part.size;
        // without the header it is the whole file
        size = Number(response.headers.get("content-range")?.split("/")[1] ?? 0);
        if (part.size === 0) break;
    }
    return new Blob(parts, { type: parts[0]?.type ?? "" });
}
