import type { Component } from "svelte";

export interface Guide {
    id: string;
    title: string;
    about: string;
    load: () => Promise<{ default: Component }>;
}

/** The guides, in the order in which a developer needs them. */
export const GUIDES: Guide[] = [
    {
        id: "first-message",
        title: "Send your first message",
        about: "From a key to a message in a citizen’s inbox, in four calls.",
        load: () => import("./guides/first-message.md"),
    },
    {
        id: "payment-notices",
        title: "Payment notices",
        about: "A sum, a due date, instalments, and what happens when the citizen pays.",
        load: () => import("./guides/payment-notices.md"),
    },
    {
        id: "reminders",
        title: "Reminders",
        about: "When citizens are reminded, and how a sender and a citizen decide it.",
        load: () => import("./guides/reminders.md"),
    },
    {
        id: "batches",
        title: "Batches",
        about: "One text for many citizens, from a list.",
        load: () => import("./guides/batches.md"),
    },
    {
        id: "changes",
        title: "Follow what happens, without polling each message",
        about: "Feeds of changes, to read from where you stopped.",
        load: () => import("./guides/changes.md"),
    },
    {
        id: "sandbox",
        title: "The sandbox",
        about: "Magic fiscal codes, keys, the clock, captured notifications.",
        load: () => import("./guides/sandbox.md"),
    },
    {
        id: "from-io",
        title: "From IO to here",
        about: "What a client of IO changes, and what behaves differently.",
        load: () => import("./guides/from-io.md"),
    },
];
