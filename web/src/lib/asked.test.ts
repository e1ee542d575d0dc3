import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { parse, type AST } from "svelte/compiler";
import { expect, it } from "vitest";

const SOURCES = resolve(import.meta.dirname, "..");
/** Dialogs that say what happens before it does. */
const QUESTIONS = new Set(["ActDialog", "Confirm", "Modal", "ReasonDialog"]);
/** Calls that nothing takes back: something ends, a key is void, or a message goes out. */
const ENDS = /\.DELETE\(|["']DELETE["'],|method: ["']DELETE["']/;
const WRITES = /\.(POST|PUT|PATCH)\(/;
const FINAL = new RegExp(
    "(/withdrawal|/cancellation|/replay|/rejection|/suspension|/approval|/resume|/retry|/{key_type}|" +
        "held-messages/{id}/release|batches/{id}/send|api/v1/messages|api/v1/payment-notices)[\"'`]",
);
/** What of a component need not be asked, and why. */
const UNASKED: Record<string, Record<string, string>> = {
    "console/pages/onboarding/KeysAndTest.svelte": { send: "the message goes to no person" },
    "inbox/pages/data/DataDeletion.svelte": { abort: "the deletion can be asked for again" },
};

const files = (ending: string): string[] =>
    readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(ending) && !name.startsWith("made"))
        .map((name) => join(SOURCES, name));

interface Named {
    name: string;
    text: string;
}

/** Whether code uses one of the names; words of texts, comments and members are none. */
function has(text: string, names: Iterable<string>): boolean {
    const code = text.replace(/"[^"\n]*"|\/\*[^]*?\*\/|\/\/[^\n]*|\.\w+/g, "");
    return [...names].some((name) => new RegExp(`\\b${name}\\b`).test(code));
}

/** Return the names whose code makes such a call, itself or by another of the names. */
function final(parts: Named[], known: ReadonlySet<string> = new Set()): Set<string> {
    const paths = parts.filter((one) => FINAL.test(one.text) && !WRITES.test(one.text));
    const found = new Set(known);
    const isFinal = ({ text }: Named) =>
        ENDS.test(text) ||
        (WRITES.test(text) &&
            (FINAL.test(text) ||
                has(
                    text,
                    paths.map((one) => one.name),
                ))) ||
        has(text, found);
    for (let before = -1; before !== found.size;) {
        before = found.size;
        for (const one of parts) if (!found.has(one.name) && isFinal(one)) found.add(one.name);
    }
    return found;
}

const TOP = "(?:export )?(?:async )?(?:function|const|let|class)";

/** Return the names at the top of a module with such a call, its own or by another of them. */
function namesOf(source: string): Set<string> {
    const chunks = source.split(new RegExp(`^(?=${TOP} )`, "m"));
    const parts = chunks.flatMap((text) => {
        const name = new RegExp(`^${TOP} (\\w+)`).exec(text)?.[1];
        return name ? [{ name, text }] : [];
    });
    return final(parts);
}

type Node = { type?: string; name?: string; start: number; end: number };

/** Return the handlers of a page's own elements, outside of questions. */
function handlers(source: string, node: unknown, isAsked = false): string[] {
    if (Array.isArray(node)) return node.flatMap((one) => handlers(source, one, isAsked));
    if (typeof node !== "object" || node === null) return [];
    const { type, name, start, end } = node as Node;
    if (type === "Component" && QUESTIONS.has(name ?? "")) return [];
    if (type === "Component") {
        const { fragment } = node as AST.Component;
        return handlers(source, fragment, isAsked);
    }
    if (type === "Attribute") return name?.startsWith("on") ? [source.slice(start, end)] : [];
    return Object.values(node).flatMap((one) => handlers(source, one, isAsked));
}

/** Return the handlers of a component that make such a call without a question. */
function unasked(path: string, modules: Map<string, Set<string>>): string[] {
    const source = readFileSync(path, "utf8");
    const tree = parse(source, { modern: true });
    const body = tree.instance?.content.body ?? [];
    const parts: Named[] = [];
    const known = new Set<string>();
    for (const one of body as unknown as (Node & Record<string, never>)[]) {
        const text = source.slice(one.start, one.end);
        if (one.type === "ImportDeclaration") {
            const from = /from "(\.[^"]*)"/.exec(text)?.[1];
            const exported = from && modules.get(resolve(dirname(path), `${from}.ts`));
            for (const name of exported || []) if (has(text, [name])) known.add(name);
            continue;
        }
        const name = /^(?:async )?(?:function|const|let) (\w+)/.exec(text)?.[1];
        if (name) parts.push({ name, text });
    }
    const names = final(parts, known);
    for (const name of Object.keys(UNASKED[relative(SOURCES, path)] ?? {})) names.delete(name);
    return handlers(source, tree.fragment).filter((text) => ENDS.test(text) || has(text, names));
}

it.each([
    'function end() {\n    api.DELETE("/x");\n}\nexport const stop = () => end();\n',
    'class Ends {\n    go = () => api.DELETE("/x");\n}\nexport const stop = () => new Ends().go();\n',
    'export const stop = () => call("DELETE", "/x");\n',
    'export const stop = () => fetch("/x", { method: "DELETE" });\n',
])("follows the names at the top of a module: %j", (source) => {
    expect(namesOf(source)).toContain("stop");
});

it("asks before each call that nothing takes back", () => {
    const modules = new Map(
        files(".ts").map((path) => [path, namesOf(readFileSync(path, "utf8"))]),
    );
    const found = files(".svelte").flatMap((path) =>
        unasked(path, modules).map((one) => `${relative(SOURCES, path)}: ${one}`),
    );
    expect(found).toEqual([]);
});
