import { need } from "../../api/client";
import { until } from "../../api/following";
import { Problem } from "../../api/problem";
import type { components } from "../../made/citizens";
import { api } from "../api";
import { take } from "../mail/mailbox.svelte";

export type Opened = components["schemas"]["MessageAnswer"];
export type Remote = components["schemas"]["RemoteMessageAnswer"];
export type Precondition = components["schemas"]["PreconditionAnswer"];
export type Wire = NonNullable<Opened["language"]>;

/** A file of a message, wherever it is kept. */
export interface Paper {
    name: string;
    path: string;
    type: string;
    size?: number;
    /** The id of a file that is stored here: the reader can keep it as a document. */
    file?: string;
}

const MESSAGES = "/api/communication/v1/messages";
const REMOTE = "/api/communication/v1/third-party-messages";

/** Read a message, in a language if one is named. */
export async function readMessage(id: string, language?: Wire): Promise<Opened> {
    const params = { path: { id }, query: { public_message: true, language } };
    const opened = await need(api.GET("/api/communication/v1/messages/{id}", { params }));
    // the list shows what the list's members say, without the content
    const { attachments, content, language: _, translation, languages, ...item } = opened;
    if (!language) take(item);
    return opened;
}

/** Tell whether the sender keeps a part of the content. */
export function isRemote(opened: Opened): boolean {
    const kept = opened.content.third_party_data;
    return Boolean(kept && (kept.has_remote_content || kept.has_attachments));
}

export async function readRemote(id: string): Promise<Remote> {
    const params = { path: { id } };
    return need(api.GET("/api/communication/v1/third-party-messages/{id}", { params }));
}

/** Return what the reader confirms before the message opens; undefined where there is nothing. */
export async function readPrecondition(id: string): Promise<Precondition | undefined> {
    const params = { path: { id } };
    const path = "/api/communication/v1/third-party-messages/{id}/precondition";
    return (await need(api.GET(path, { params }))) ?? undefined;
}

/** Return the files of a message: those of the sender's host, then those that are stored here. */
export function papersOf(opened: Opened, remote: Remote | undefined): Paper[] {
    const stored = (opened.attachments ?? []).map((one) => ({
        name: one.name,
        path: `${MESSAGES}/${opened.id}/attachments/${encodeURIComponent(one.id)}`,
        type: one.content_type,
        size: one.size,
        file: one.id,
    }));
    const known = new Set((opened.attachments ?? []).map((one) => one.id));
    const kept = (remote?.third_party_message.attachments ?? [])
        .filter((one) => !known.has(one.url))
        .map((one) => ({
            name: one.name ?? one.id,
            path: `${REMOTE}/${opened.id}/attachments/${one.url.split("/").map(encodeURIComponent).join("/")}`,
            type: one.content_type ?? "application/pdf",
        }));
    return [...kept, ...stored];
}

/** Return the subject and text to show: the remote ones where the sender's host has them. */
export function textOf(
    opened: Opened,
    remote: Remote | undefined,
): { subject: string; markdown: string } {
    const details = (remote?.third_party_message.details ?? {}) as Record<string, unknown>;
    const text = (name: "subject" | "markdown") => {
        const found = details[name];
        return typeof found === "string" && found ? found : opened.content[name];
    };
    return { subject: text("subject"), markdown: text("markdown") };
}

/** How far a translation by machine is; `refused`: it cannot be had, and why. */
export type Translation = "done" | "pending" | "failed" | "forbidden" | "none";

const WORK = { first: 250, longest: 3_000, most: 36_000 };

/** Have a message translated by machine, and wait until it is. */
export async function translate(id: string, language: Wire): Promise<Translation> {
    const body = { language } as components["schemas"]["WantedTranslation"];
    const params = { path: { id } };
    const path = "/api/communication/v1/messages/{id}/translations";
    const look = async () => {
        const view = await need(api.POST(path, { params, body }));
        if (view.status === "DONE") return "done";
        return view.status === "FAILED" ? "failed" : undefined;
    };
    try {
        return (await until(look, WORK)) ?? "pending";
    } catch (error) {
        if (error instanceof Problem && error.status === 403) return "forbidden";
        if (error instanceof Problem && error.status === 404) return "none";
        throw error;
    }
}
