import { resolve } from "node:path";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

import { page } from "./plugins/page.ts";
import { shell } from "./plugins/shell.ts";
import { texts } from "./plugins/texts.ts";
import { LANGUAGES } from "./src/lib/languages.ts";

const htmlOf = (name: string) => resolve(import.meta.dirname, name, "index.html");

/** The apps over one folder of components; the API serves dist/ at the root of its origin. */
export default defineConfig({
    plugins: [texts(), page(), svelte(), shell("inbox", "worker", ["MessagePage", ...LANGUAGES])],
    base: "/",
    resolve: {
        alias: {
            "@fonts": resolve(import.meta.dirname, "node_modules/bootstrap-italia/dist/fonts"),
        },
    },
    css: {
        preprocessorOptions: {
            // bootstrap-italia still uses what Sass will remove
            scss: {
                quietDeps: true,
                silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
                loadPaths: [resolve(import.meta.dirname, "node_modules/bootstrap-italia/src/scss")],
            },
        },
    },
    build: {
        target: "es2022",
        // build.sh moves it to dist/
        outDir: "node_modules/.dist",
        assetsDir: "assets",
        assetsInlineLimit: 0,
        cssCodeSplit: true,
        modulePreload: { polyfill: false },
        rolldownOptions: {
            // how long the styles took is no news to who runs `make run`
            checks: { bundlerTimings: false },
            input: {
                inbox: htmlOf("inbox"),
                console: htmlOf("console"),
                docs: htmlOf("docs"),
                start: htmlOf("start"),
                worker: resolve(import.meta.dirname, "src/inbox/worker/worker.ts"),
            },
            output: {
                // the address of a service worker is its identity, so its name has no hash
                entryFileNames: (chunk) =>
                    chunk.name === "worker" ? "inbox/worker.js" : "assets/[name]-[hash].js",
            },
        },
    },
    test: {
        include: ["src/**/*.test.ts", "plugins/*.test.ts"],
        environment: "node",
        // a test that reads all components takes seconds on a busy machine
        testTimeout: 60_000,
    },
});
