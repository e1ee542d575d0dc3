import type { Plugin } from "vite";

const meta = (name: string, content: string) => ({ tag: "meta", attrs: { name, content } });

/** Give the page of each app what all have: an app's own index.html has its title and its script. */
export function page(): Plugin {
    return {
        name: "page",
        transformIndexHtml: {
            order: "pre",
            handler: () => [
                { tag: "meta", attrs: { charset: "utf-8" }, injectTo: "head-prepend" },
                meta("viewport", "width=device-width, initial-scale=1"),
                meta("color-scheme", "light"),
                meta("theme-color", "#0066cc"),
                {
                    tag: "link",
                    attrs: { rel: "icon", href: "/icons/icon.svg", type: "image/svg+xml" },
                },
                { tag: "div", attrs: { id: "app" }, injectTo: "body-prepend" },
                {
                    tag: "noscript",
                    children: "Questa pagina richiede JavaScript. This page needs JavaScript.",
                    injectTo: "body",
                },
            ],
        },
    };
}
