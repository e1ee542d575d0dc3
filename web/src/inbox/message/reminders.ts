import { daysBetween } from "../../lib/format";
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

/** The most days by which a reminder is early: it moves to a working day before its own. */
const MOST_EARLY = 7;

/** Say why a reminder comes. `due`: the due date of the message. */
export function whyText(one: Planned | Past, due?: string): string {
    if (one.why === "SNOOZED") return t("due.why_snoozed");
    if (one.why === "UNREAD") return t("due.why_unread");
    const days = daysLeft(one, due);
    return days === 0 ? t("due.why_day") : t("due.why_days", { count: days });
}

/** Return the days from a reminder to the due date; as planned where that has changed since. */
export function daysLeft(one: Planned | Past, due?: string): number {
    const planned = one.days_before ?? 0;
    const days = due ? daysBetween(one.at, due) : planned;
    return days >= planned && days <= planned + MOST_EARLY ? days : planned;
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
