import { SvelteSet } from "svelte/reactivity";

/** The messages of a list that are picked for one act. `listed`: returns the list's ids, in order. */
export class Selection {
    readonly ids = new SvelteSet<string>();
    private isBegun = $state(false);
    private last = "";

    constructor(private listed: () => readonly string[]) {}

    /** Whether messages can be picked: some are, or the reader has asked for it. */
    get isOn(): boolean {
        return this.isBegun || this.ids.size > 0;
    }

    get isAll(): boolean {
        return this.ids.size > 0 && this.ids.size === this.listed().length;
    }

    begin(): void {
        this.isBegun = true;
    }

    end(): void {
        this.ids.clear();
        this.isBegun = false;
    }

    all(isAll: boolean): void {
        this.ids.clear();
        if (isAll) for (const id of this.listed()) this.ids.add(id);
    }

    /** Pick a message or leave it out. `isRange`: with all from the one that was picked before. */
    pick(id: string, isPicked: boolean, isRange: boolean): void {
        const listed = this.listed();
        const from = isRange ? listed.indexOf(this.last) : -1;
        const to = listed.indexOf(id);
        const ids = from < 0 ? [id] : listed.slice(Math.min(from, to), Math.max(from, to) + 1);
        for (const one of ids) {
            if (isPicked) this.ids.add(one);
            else this.ids.delete(one);
        }
        this.last = id;
    }

    /** End the selection; return its ids, and the one that has the focus when they have been moved. */
    taken(): { ids: string[]; next: () => string | undefined } {
        const ids = this.listed().filter((id) => this.ids.has(id));
        const rest = this.listed().filter((id) => !this.ids.has(id));
        const { last } = this;
        this.end();
        const below = rest.find((id) => id < last) ?? rest.at(-1);
        return { ids, next: () => (this.listed().includes(last) ? last : below) };
    }
}
