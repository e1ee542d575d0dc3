import { t } from "../../lib/texts.svelte";
import type { components } from "../../made/citizens";
import type { TextKey } from "../../made/text-keys";

export type Reminders = components["schemas"]["OwnRemindersAnswer"];
type Planned = components["schemas"]["PlannedReminder"];
type Past = components["schemas"]["PastReminder"];

/** The reasons that have a text of their own; others are told in general. */
const ENDED = new Set([
    "PAID",
    "CANCELLED",
    "WITHDRAWN",
    "PAID_OTHERWISE",
    "DONE",
    "DEADLINE_PASSED",
    "ENOUGH",
    "READ",
    "ARCHIVED",
    "OTHER_MESSAGE",
]);
const NOT_SENT = new Set([
    "OPTED_OUT",
    "SERVICE_OFF",
    "NO_CHANNEL",
    "READ",
    "ARCHIVED",
    "QUIET_HOURS",
    "OVERTAKEN",
    "OTHER_MESSAGE",
    "PAID_OTHERWISE",
    "CONDITION",
]);

/** Say why a reminder comes. */
export function whyText(one: Planned | Past): string {
    if (one.why === "SNOOZED") return t("due.why_snoozed");
    if (one.why === "UNREAD") return t("due.why_unread");
    const days = one.days_before ?? 0;
    return days === 0 ? t("due.why_day") : t("due.why_days", { count: days });
}

/** Say why no reminder is to come. */
export function endedText(plan: Reminders): string {
    const reason = plan.ended ?? "";
    return t(ENDED.has(reason) ? (`due.ended_${reason.toLowerCase()}` as TextKey) : "due.none");
}

/** Say what became of a reminder. */
export function outcomeText(one: Past): string {
    if (one.outcome === "SENT") return t("due.sent");
    const known = NOT_SENT.has(one.outcome);
    return t(known ? (`due.not_sent_${one.outcome.toLowerCase()}` as TextKey) : "due.not_sent");
}
