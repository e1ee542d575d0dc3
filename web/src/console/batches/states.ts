import type { components } from "../../made/senders";

export type Batch = components["schemas"]["BatchView"];
export type BatchState = Batch["status"];

/** A batch in one of these states changes by itself. */
export const MOVING: ReadonlySet<BatchState> = new Set([
    "CHECKING",
    "SCHEDULED",
    "RUNNING",
    "WITHDRAWING",
]);

/** A batch in one of these states has not come to its end. */
export const IN_PROGRESS: ReadonlySet<BatchState> = new Set([...MOVING, "TO_APPROVE", "PAUSED"]);
