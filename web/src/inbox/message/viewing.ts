/** The types of files that a page shows: none of them can run a script here. */
const SHOWN = new Set(["application/pdf", "image/png", "image/jpeg"]);

/** Tell whether a page can show a file of a type here. */
export function isShown(type: string): boolean {
    return SHOWN.has(type) && (type !== "application/pdf" || navigator.pdfViewerEnabled);
}

/** Return the address of a file under a type that is safe to show, whatever the file is. */
export function addressOf(file: Blob, type: string): string {
    return URL.createObjectURL(new Blob([file], { type }));
}
