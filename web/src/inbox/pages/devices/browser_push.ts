import { need } from "../../../api/client";
import type { components } from "../../../made/citizens";
import { own } from "../../api";

export type Device = components["schemas"]["DeviceView"];

/** Why this browser has or may have no notifications. */
export type PushState = "on" | "off" | "denied" | "absent";

const LIST = "/api/communication/v1/installations";
const DEVICE = `${LIST}/{installation_id}` as const;
/** A name of this browser by chance, and its id in the citizen's list; neither tells of a person. */
const KEPT = "recapito-browser";

interface Kept {
    name: string;
    listed?: string;
}

function kept(): Kept {
    const text = localStorage.getItem(KEPT);
    return text ? (JSON.parse(text) as Kept) : { name: crypto.randomUUID() };
}

const keep = (one: Kept): void => localStorage.setItem(KEPT, JSON.stringify(one));

export async function readDevices(): Promise<Device[]> {
    return (await need(own.GET(LIST, {}))).items;
}

/** Whether a device of the list is this browser. */
export const isHere = (one: Device): boolean => one.id === kept().listed;

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
    if (!("serviceWorker" in navigator && "PushManager" in globalThis)) return undefined;
    return navigator.serviceWorker.getRegistration("/inbox/");
}

async function publicKey(): Promise<string | undefined> {
    return (await need(own.GET("/api/communication/v1/push-key", {}))).public_key ?? undefined;
}

/** Return the state of this browser among the citizen's devices. */
export async function stateOf(devices: Device[]): Promise<PushState> {
    const worker = await registration();
    if (!worker || !("Notification" in globalThis) || !(await publicKey())) return "absent";
    if (Notification.permission === "denied") return "denied";
    const isSubscribed = !!(await worker.pushManager.getSubscription());
    return isSubscribed && devices.some(isHere) ? "on" : "off";
}

/** Ask the reader, subscribe, and register the subscription as a device of the citizen. */
export async function switchOn(): Promise<PushState> {
    const [worker, key] = await Promise.all([registration(), publicKey()]);
    if (!worker || !key) return "absent";
    if ((await Notification.requestPermission()) !== "granted") return "denied";
    const former = await worker.pushManager.getSubscription();
    // a subscription with another key gets nothing any more
    if (former && keyOf(former) !== key) await former.unsubscribe();
    const options = { userVisibleOnly: true, applicationServerKey: key };
    const subscription = await worker.pushManager.subscribe(options);
    const { endpoint, keys } = subscription.toJSON();
    const body = {
        endpoint: endpoint ?? "",
        keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" },
    };
    const { name } = kept();
    const params = { path: { installation_id: name } };
    await need(own.PUT(`${DEVICE}/subscription`, { params, body }));
    // the last registered is the first of the list
    keep({ name, listed: (await readDevices())[0]?.id });
    return "on";
}

/** End the notifications of a device; this browser ends its subscription, too. */
export async function remove(one: Device): Promise<void> {
    const params = { path: { installation_id: one.id } };
    const isThis = isHere(one);
    await need(own.DELETE(DEVICE, { params }));
    if (!isThis) return;
    keep({ name: kept().name });
    const worker = await registration();
    await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

function keyOf(subscription: PushSubscription): string {
    const bytes = new Uint8Array(subscription.options.applicationServerKey ?? new ArrayBuffer(0));
    const text = btoa(String.fromCharCode(...bytes));
    return text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
