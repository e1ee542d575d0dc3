import { tick, type Component } from "svelte";

/** A page: `path` has `:name` for a value. `load` brings its code when it is first shown. */
export interface Route {
    path: string;
    load: () => Promise<{ default: Component<any> }>;
}

export interface Place {
    path: string;
    query: URLSearchParams;
    values: Record<string, string>;
    route: Route | undefined;
    /**
     * What the history keeps of the place beside its address, such as the words of a search. It is
     * shown to the reader alone who left it: a tab's history outlives a sign-out.
     */
    readonly kept: Record<string, unknown>;
}

/** The state of an entry of the history. `by`: the reader, as `owner` names them. */
interface Entry {
    key?: string;
    kept?: Record<string, unknown>;
    by?: string;
}

/** The router of an app below a base path such as `/inbox`. One for each app. */
export class Router {
    place = $state.raw<Place>({
        path: "/",
        query: new URLSearchParams(),
        values: {},
        route: undefined,
        kept: {},
    });
    /** Whether the reader came to the place by the browser's back or forward. */
    isBack = false;
    /** The path of the place before, in this tab since it was loaded. */
    before: string | undefined;
    private scrolls = new Map<string, number>();
    private key = "";

    /** `owner`: returns a name of the reader who is signed in, by chance and no personal datum. */
    constructor(
        readonly base: string,
        private routes: Route[],
        private owner: () => string = () => "",
    ) {}

    /** Follow the address bar and the links of this app. */
    start(): void {
        history.scrollRestoration = "manual";
        addEventListener("popstate", () => void this.show(true));
        document.addEventListener("click", (event) => this.follow(event));
        void this.show(false);
    }

    /** Return the address of a path of this app. */
    href(path: string, query?: Record<string, string | undefined>): string {
        const search = new URLSearchParams(
            Object.entries(query ?? {}).filter((pair): pair is [string, string] => !!pair[1]),
        ).toString();
        return `${this.base}${path}${search ? `?${search}` : ""}`;
    }

    /**
     * Go to an address of this app. `replace`: without a step back, as filters do. `kept`: what
     * belongs to the place and not into its address; it is in the history of this tab alone.
     */
    async go(href: string, replace = false, kept: Record<string, unknown> = {}): Promise<void> {
        this.remember();
        const key = replace ? this.key : String(Math.random());
        const entry: Entry = { key, kept, by: this.owner() };
        if (replace) history.replaceState(entry, "", href);
        else history.pushState(entry, "", href);
        await this.show(false, replace);
    }

    /** Scroll back to where the reader was, when what was there is shown again. */
    restore(): void {
        scrollTo(0, this.scrolls.get(this.key) ?? 0);
    }

    private remember(): void {
        this.scrolls.set(this.key, scrollY);
    }

    private async show(isBack: boolean, isSamePage = false): Promise<void> {
        this.isBack = isBack;
        if (isBack) this.remember();
        const entry = (history.state ?? {}) as Entry;
        this.key = String(entry.key ?? "");
        const { owner } = this;
        const place = {
            // the reader may be known later than the place
            get kept() {
                return (entry.by === owner() && entry.kept) || {};
            },
        };
        const path = location.pathname.slice(this.base.length).replace(/\/+$/, "") || "/";
        const query = new URLSearchParams(location.search);
        const isOther = path !== this.place.path;
        if (isOther && this.place.route) this.before = this.place.path;
        for (const route of this.routes) {
            const values = matched(route.path, path);
            if (values) {
                this.place = Object.assign(place, { path, query, values, route });
                if (!isBack && (isOther || !isSamePage)) await this.begin();
                return;
            }
        }
        this.place = Object.assign(place, { path, query, values: {}, route: undefined });
    }

    /** Begin a page as a browser does: at its top, with the focus before its content. */
    private async begin(): Promise<void> {
        scrollTo(0, 0);
        await tick();
        document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true });
    }

    private follow(event: MouseEvent): void {
        if (event.defaultPrevented || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        const link = (event.target as Element | null)?.closest("a");
        if (!link || link.target || link.hasAttribute("download") || link.rel === "external")
            return;
        const url = new URL(link.href, location.href);
        if (url.origin !== location.origin || !`${url.pathname}/`.startsWith(`${this.base}/`))
            return;
        if (url.pathname === location.pathname && url.hash) return;
        event.preventDefault();
        void this.go(url.pathname + url.search);
    }
}

/** Return the values of a path that fits a pattern; undefined for another path. */
export function matched(pattern: string, path: string): Record<string, string> | undefined {
    const wanted = pattern.split("/");
    const given = path.split("/");
    if (wanted.length !== given.length) return undefined;
    const values: Record<string, string> = {};
    for (const [index, part] of wanted.entries()) {
        const text = given[index] ?? "";
        if (part.startsWith(":") && text) {
            const value = decoded(text);
            if (value === undefined) return undefined;
            values[part.slice(1)] = value;
        } else if (part !== text) return undefined;
    }
    return values;
}

/** Return the text of a part of an address; undefined for one that no page of ours makes. */
function decoded(part: string): string | undefined {
    try {
        return decodeURIComponent(part);
    } catch {
        return undefined;
    }
}
