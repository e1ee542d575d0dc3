import { Attempts } from "../../api/attempts";
import { upload } from "./upload";

/** The API's most files of one message. */
export const MOST = 10;

/** A file that was chosen: with `id`, the API has it and found it good. */
export interface Chosen {
    file: File;
    attempts: Attempts;
    share: number;
    id?: string;
    refusal?: string;
    error?: unknown;
    /** Whether its check lasts so long that nobody waits for it any more. */
    isSlow?: boolean;
    stop: AbortController;
}

/** The files of a message, as they were chosen: they stay while the form shows something else. */
export class Files {
    rows = $state<Chosen[]>([]);

    /** The ids of those that a message can have. */
    get ids(): string[] {
        return this.rows.flatMap((one) => one.id ?? []);
    }

    /** Whether one is on its way or in its check. */
    get areUnderWay(): boolean {
        return this.rows.some((one) => !one.id && !one.refusal && !one.error && !one.isSlow);
    }

    /** Whether a message would go out without one that was chosen. */
    get lackOne(): boolean {
        return this.rows.some((one) => !one.id);
    }

    /** Upload files one after another, as many as a message can have. */
    async add(files: readonly File[]): Promise<void> {
        const before = this.rows.length;
        for (const file of files.slice(0, MOST - before)) {
            const attempts = new Attempts();
            this.rows.push({ file, attempts, share: 0, stop: new AbortController() });
        }
        for (const row of this.rows.slice(before)) {
            if (this.rows.includes(row)) await this.send(row);
        }
    }

    /** Upload a file, or go on with an upload that broke. */
    async send(row: Chosen): Promise<void> {
        row.error = undefined;
        row.isSlow = false;
        row.share = 0;
        const follow = (share: number) => (row.share = share);
        try {
            const done = await upload(row.file, row.attempts, follow, row.stop.signal);
            if (done.status === "REFUSED") row.refusal = done.refusal ?? "WRONG_FORM";
            else if (done.status === "READY") row.id = done.id;
            else row.isSlow = true;
        } catch (caught) {
            row.error = caught;
        }
    }

    remove(row: Chosen): void {
        row.stop.abort();
        this.rows = this.rows.filter((one) => one !== row);
    }
}
