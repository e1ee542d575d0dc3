type Values = Record<string, string | number>;

const DELIMITERS = [";", ",", "\t", "|"] as const;
/** How much of a list is read for the preview of its first rows. */
const READ = 512 * 1024;

/** Return the first rows of a list of recipients, as the values of a template's placeholders. */
export async function firstRows(file: File): Promise<Values[]> {
    const isWhole = file.size <= READ;
    const text = decode(await file.slice(0, READ).arrayBuffer(), isWhole);
    if (/^\s*\[/.test(text)) return isWhole ? objects(JSON.parse(text) as unknown[]) : [];
    const lines = isWhole ? text : text.slice(0, text.lastIndexOf("\n") + 1);
    if (/^\s*\{/.test(text)) {
        const found = lines.split("\n").filter((line) => line.trim());
        return objects(found.map((line) => JSON.parse(line) as unknown));
    }
    return rowsOf(lines);
}

/** Return the rows of a CSV text by the names of its header. */
export function rowsOf(text: string): Values[] {
    const [header = [], ...rows] = cells(text, delimiterOf(text));
    return rows.map(
        (row) =>
            Object.fromEntries(
                header
                    .map((name, index) => [name.trim(), (row[index] ?? "").trim()])
                    .filter(([name]) => name),
            ) as Values,
    );
}

function decode(bytes: ArrayBuffer, isWhole: boolean): string {
    try {
        const decoder = new TextDecoder("utf-8", { fatal: true });
        return decoder.decode(bytes, { stream: !isWhole });
    } catch {
        return new TextDecoder("windows-1252").decode(bytes);
    }
}

function objects(found: unknown[]): Values[] {
    return found.filter((one): one is Values => typeof one === "object" && one !== null);
}

function delimiterOf(text: string): string {
    const header = text.split("\n", 1)[0] ?? "";
    const count = (mark: string) => header.split(mark).length;
    return [...DELIMITERS].sort((one, other) => count(other) - count(one))[0] ?? ";";
}

/** Return the cells of each row: a quoted cell may have delimiters, lines and doubled quotes. */
function cells(text: string, delimiter: string): string[][] {
    const rows: string[][] = [];
    let row: string[] = [];
    let cell = "";
    let isQuoted = false;
    for (let place = 0; place < text.length; place++) {
        const mark = text[place];
        if (isQuoted) {
            if (mark !== '"') cell += mark;
            else if (text[place + 1] === '"') cell += text[++place];
            else isQuoted = false;
        } else if (mark === '"' && cell === "") isQuoted = true;
        else if (mark === delimiter) {
            row.push(cell);
            cell = "";
        } else if (mark === "\n") {
            row.push(cell);
            if (row.some((one) => one.trim())) rows.push(row);
            row = [];
            cell = "";
        } else if (mark !== "\r") cell += mark;
    }
    row.push(cell);
    if (row.some((one) => one.trim())) rows.push(row);
    return rows;
}
