/** Where the examples of the guides find the API, as they are written: `make run` starts it there. */
const LOCAL = "http://127.0.0.1:7071";

/** Return a text with the address of this page's own API in place of the local one. */
export function here(text: string): string {
    return text.replaceAll(LOCAL, location.origin);
}
