import { t } from "../lib/texts.svelte";

// the key that reports payments opens no page
const NAMES = {
    sender: "keys.sandbox_sender",
    manager: "keys.sandbox_manage",
    operator: "keys.sandbox_operator",
    limited_sender: "keys.sandbox_limited",
    special_sender: "keys.sandbox_special",
    slow_sender: "keys.sandbox_slow",
} as const;
type Role = keyof typeof NAMES;

/** Return the keys of the sandbox that this origin is; none where it is no sandbox. */
export async function sandboxKeys(): Promise<{ name: string; key: string }[]> {
    const answer = await fetch("/sandbox/start").catch(() => undefined);
    if (!answer?.ok) return [];
    const { keys = [] } = (await answer.json()) as { keys?: { role: string; key: string }[] };
    return keys
        .filter((one): one is { role: Role; key: string } => one.role in NAMES)
        .map((one) => ({ name: t(NAMES[one.role]), key: one.key }));
}
