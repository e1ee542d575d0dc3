import { Marked, type Token, type Tokens } from "marked";

const marked = new Marked({ gfm: true, async: false });

/** The schemes of links that a message may have. */
const SCHEMES = new Set(["https:", "mailto:", "tel:"]);
/** How deep parts may lie in parts; deeper ones are shown as they were written. */
export const DEEPEST = 12;
const ENTITIES: Record<string, string> = {
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    euro: "€",
    agrave: "à",
    egrave: "è",
    eacute: "é",
    igrave: "ì",
    ograve: "ò",
    ugrave: "ù",
    Agrave: "À",
    Egrave: "È",
    laquo: "«",
    raquo: "»",
    hellip: "…",
    ndash: "–",
    mdash: "—",
    rsquo: "’",
    lsquo: "‘",
    ldquo: "“",
    rdquo: "”",
};

/** Read Markdown. HTML in it is a part like others, which pages show as text. */
export function blocksOf(markdown: string): Token[] {
    try {
        return marked.lexer(markdown);
    } catch {
        // a text made to overflow the reader is still a text
        return [{ type: "text", raw: markdown, text: markdown } as Tokens.Text];
    }
}

/** Return the address of a link; undefined for one that a page must not follow. */
export function safeAddress(href: string): string | undefined {
    try {
        const url = new URL(decoded(href).trim());
        // what stands before an @ looks like the name of a host
        const isPlain = !url.username && !url.password;
        return SCHEMES.has(url.protocol) && isPlain ? url.href : undefined;
    } catch {
        return undefined;
    }
}

/** Return a text with its character references as characters. */
export function decoded(text: string): string {
    return text.replace(
        /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{2,8}));/g,
        (whole, ten, hex, name) => {
            if (name) return ENTITIES[name as string] ?? whole;
            const code = ten ? Number(ten) : Number.parseInt(hex as string, 16);
            const isCharacter =
                code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
            return isCharacter ? String.fromCodePoint(code) : whole;
        },
    );
}

/** Return the level of each heading below a page's own, so that none is left out. */
export function levelsOf(blocks: Token[], above: number): Map<Token, number> {
    const headings = blocks.filter((one) => one.type === "heading") as Tokens.Heading[];
    const depths = [...new Set(headings.map((one) => one.depth))].sort();
    const levels = new Map<Token, number>();
    let before = above;
    for (const one of headings) {
        const level = Math.min(above + 1 + depths.indexOf(one.depth), before + 1, 6);
        levels.set(one, level);
        before = level;
    }
    return levels;
}
