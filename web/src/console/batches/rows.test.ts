import { expect, it } from "vitest";

import { firstRows, rowsOf } from "./rows";

it("reads CSV with quotes, delimiters and lines in cells", () => {
    const text = 'codice_fiscale;nome\r\nAAA;"Rossi; ""Mario"""\r\n\r\nBBB;"due\nrighe"\r\n';
    expect(rowsOf(text)).toEqual([
        { codice_fiscale: "AAA", nome: 'Rossi; "Mario"' },
        { codice_fiscale: "BBB", nome: "due\nrighe" },
    ]);
});

it.each([
    ["fiscal_code,nome\nAAA,Ada\n", "list.csv"],
    ['{"fiscal_code":"AAA","nome":"Ada"}\n', "list.jsonl"],
    ['[{"fiscal_code":"AAA","nome":"Ada"}]', "list.json"],
])("reads the rows of %j", async (text, name) => {
    expect(await firstRows(new File([text], name))).toEqual([{ fiscal_code: "AAA", nome: "Ada" }]);
});

it("reads a list in the encoding of Windows", async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode("nome;x\nNicol"), 0xf2, 0x3b, 0x31]);
    expect(await firstRows(new File([bytes], "list.csv"))).toEqual([{ nome: "Nicolò", x: "1" }]);
});
