import { romeMoment } from "../../lib/rome";
import type { components } from "../../made/senders";

type NewBatch = components["schemas"]["NewBatch"];

/** When and how a batch goes out, as it was typed. */
export class Timing {
    startAt = $state("");
    pace = $state("");
    from = $state("");
    until = $state("");
    isUrgent = $state(false);
    needsApproval = $state(false);

    /** Return the members of a new batch. */
    members(): Partial<NewBatch> {
        const [day, time] = this.startAt.split("T");
        return {
            ...(day && { start_at: romeMoment(day, time) }),
            ...(this.pace && { rows_per_minute: Number(this.pace) }),
            ...(this.from && this.until && { send_window: { start: this.from, end: this.until } }),
            lane: this.isUrgent ? "URGENT" : "BULK",
            needs_approval: this.needsApproval,
        };
    }
}
