import { markRead } from "../mail/actions";
import { may } from "../parties.svelte";
import {
    isRemote,
    readMessage,
    readPrecondition,
    readRemote,
    type Opened,
    type Precondition,
    type Remote,
    type Wire,
} from "./reading";

/** A message as it is read: its content, a question before it, and what its sender keeps. */
export class Reader {
    opened = $state.raw<Opened>();
    remote = $state.raw<Remote>();
    question = $state.raw<Precondition>();
    isConfirmed = $state(false);
    error = $state.raw<unknown>();
    remoteError = $state.raw<unknown>();
    private language: Wire | undefined;

    constructor(private readonly id: string) {}

    async read(): Promise<void> {
        try {
            const opened = await readMessage(this.id, this.language);
            this.opened = opened;
            this.error = undefined;
            if (opened.has_precondition && !this.isConfirmed) {
                this.question ??= await readPrecondition(this.id);
                if (this.question) return;
            }
            await this.show(opened);
        } catch (caught) {
            this.error = caught;
        }
    }

    /** Show the message after its question. */
    async confirm(): Promise<void> {
        if (this.opened) await this.show(this.opened);
    }

    async choose(wanted: Wire): Promise<void> {
        this.language = wanted;
        this.opened = await readMessage(this.id, wanted);
    }

    async readKept(): Promise<void> {
        this.remoteError = undefined;
        try {
            this.remote = await readRemote(this.id);
        } catch (caught) {
            this.remoteError = caught;
        }
    }

    /** Show what was read, with what its sender keeps, and mark it as read. */
    private async show(message: Opened): Promise<void> {
        this.isConfirmed = true;
        if (isRemote(message) && !this.remote) await this.readKept();
        if (may("ACT")) await markRead(this.id).catch(() => undefined);
    }
}
