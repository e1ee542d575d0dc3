declare module "virtual:texts/*" {
    const texts: Record<string, string | Record<string, string>>;
    export default texts;
}

declare module "*.md" {
    import type { Component } from "svelte";
    const guide: Component;
    export default guide;
}
