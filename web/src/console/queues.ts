import { said } from "../lib/texts.svelte";

/** Return the name of a queue; of an unknown one its technical name. */
export function queueName(queue: string): string {
    return said(`queues.name_${queue}`) ?? queue;
}

/** Return what a queue is for, in a sentence; undefined for an unknown one. */
export function queueText(queue: string): string | undefined {
    return said(`queues.text_${queue}`);
}

/** Return why an item failed, by its kind; undefined for an unknown kind. */
export function failureText(kind: string): string | undefined {
    return said(`queues.kind_${kind}`);
}
