import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";
import { Marked } from "marked";

const SCRIPT = `<script>
    import Code from "../reference/Code.svelte";
    import { here } from "../here";
</script>
`;
const BRACES = { "{": "&#123;", "}": "&#125;" };

/** Let a guide in Markdown be a component: its HTML is made by the build, never by a browser. */
const guides = {
    name: "guides",
    markup({ content, filename }) {
        if (!filename?.endsWith(".md")) return undefined;
        const texts = [];
        const code = ({ text }) => `<guide-code>${texts.push(text) - 1}</guide-code>`;
        const html = new Marked({ renderer: { code } }).parse(content, { async: false });
        return {
            code:
                SCRIPT +
                html
                    .replace(/[{}]/g, (mark) => BRACES[mark])
                    .replace(
                        /<guide-code>(\d+)<\/guide-code>/g,
                        (_, index) => `<Code text={here(${JSON.stringify(texts[index])})} />`,
                    ),
        };
    },
};

export default { extensions: [".svelte", ".md"], preprocess: [guides, vitePreprocess()] };
