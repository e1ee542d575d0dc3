import { said, t } from "../../lib/texts.svelte";
import { reasonText } from "../sent/reasons";

/** Return the words for what became, or would become, of rows, or why; an unknown name as it is. */
export function outcomeText(name: string): string {
    return said(`batch.outcome_${name}`) ?? ruleText(name, reasonText(name));
}

/** Return the words for a rule that rows break; for an unknown rule the words of the API. */
export function ruleText(code: string, otherwise = code): string {
    return said(`batch.rule_${code}`) ?? otherwise;
}

/** Return why a list cannot be read; for an unknown reason the words of the API. */
export function fileText(problem: { line: number; code: string; message: string }): string {
    const why = said(`batch.file_${problem.code}`) ?? problem.message;
    return `${t("batch.unreadable", { line: problem.line })} ${why}`;
}

/** Return the words for the form of a list; an unknown form as it is. */
export function formText(name: string): string {
    return said(`batch.form_${name}`) ?? name;
}

/** Return the words for a reason to look at a batch again. */
export function doubtText(name: string): string {
    return said(`batch.doubt_${name}`) ?? name;
}
