import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";
import { marked } from "marked";

/** Let a guide in Markdown be a component: its HTML is made by the build, never by a browser. */
const guides = {
    name: "guides",
    markup({ content, filename }) {
        if (!filename?.endsWith(".md")) return undefined;
        const escaped = { "{": "&#123;", "}": "&#125;" };
        const html = marked.parse(content, { async: false });
        return {
            code: html
                .replace(/[{}]/g, (mark) => escaped[mark])
                .replaceAll(
                    "<pre>",
                    '<!-- svelte-ignore a11y_no_noninteractive_tabindex --><pre tabindex="0">',
                ),
        };
    },
};

export default { extensions: [".svelte", ".md"], preprocess: [guides, vitePreprocess()] };
