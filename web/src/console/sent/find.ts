import { need } from "../../api/client";
import { api } from "../api";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Return the recipient of a message, whose address has its id alone; undefined for no message. */
export async function recipientOf(id: string): Promise<string | undefined> {
    const query = { cursor: after(id), page_size: 1 };
    const page = await need(api.GET("/api/v1/sent-messages", { params: { query } }));
    const found = page.items[0];
    return found?.id === id ? found.fiscal_code : undefined;
}

/** Return the id that follows an id, by which a page of the list begins at it. */
export function after(id: string): string {
    const digits = [...id.toUpperCase()];
    for (let place = digits.length - 1; place >= 0; place--) {
        const value = ALPHABET.indexOf(digits[place] ?? "");
        if (value < ALPHABET.length - 1) {
            digits[place] = ALPHABET[value + 1] ?? "";
            break;
        }
        digits[place] = "0";
    }
    return digits.join("");
}
