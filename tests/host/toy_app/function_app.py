"""A function app that exercises every trigger the local host serves."""

import asyncio
import json
import os
import time
from pathlib import Path

import azure.functions as func

app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
FOLDER = Path(os.environ.get("TOY_FOLDER", "."))


def note(name: str, **values: object) -> None:
    """Append one JSON line for the tests to read."""
    with (FOLDER / f"{name}.jsonl").open("a") as file:
        file.write(json.dumps({"pid": os.getpid(), **values}) + "\n")


class App:
    """Shows when the host starts, hastens and closes the app's resources."""

    def __init__(self) -> None:
        self.hastened = asyncio.Event()

    async def start(self) -> None:
        """Note it."""
        note("started")

    def hasten(self) -> None:
        """End the calls that wait."""
        self.hastened.set()

    async def close(self) -> None:
        """Note it."""
        note("closed")


RECAPITO = App()
BODY_LIMITS = {"small": 100}
PRIORITY_FUNCTIONS = frozenset({"awaited"})


@app.route("noop", methods=["GET"])
async def noop(req: func.HttpRequest) -> func.HttpResponse:
    """Do nothing."""
    return func.HttpResponse(b"ok")


@app.route("echo/{id}/{*rest}", methods=["GET", "POST"])
async def echo(req: func.HttpRequest) -> func.HttpResponse:
    """Return what the function was given."""
    seen = {
        "method": req.method,
        "url": req.url,
        "params": dict(req.params),
        "route": dict(req.route_params),
        "header": req.headers.get("X-Thing"),
        "caller": req.headers.get("X-Forwarded-For"),
        "body": len(req.get_body()),
        "pid": os.getpid(),
    }
    response = func.HttpResponse(json.dumps(seen), mimetype="application/json", status_code=201)
    response.headers.add("Set-Cookie", "a=1; Path=/; HttpOnly")
    response.headers.add("Set-Cookie", "b=2; Secure")
    response.headers["X-Answer"] = "42"
    return response


@app.route("small", methods=["POST"])
async def small(req: func.HttpRequest) -> func.HttpResponse:
    """Take a small body."""
    seen = {"body": len(req.get_body())}
    return func.HttpResponse(json.dumps(seen), mimetype="application/json")


@app.route("sync", methods=["GET"])
def sync(req: func.HttpRequest) -> str:
    """Run in the library's thread pool."""
    return "sync"


@app.route("broken/{secret}", methods=["GET"])
async def broken(req: func.HttpRequest) -> func.HttpResponse:
    """Raise with personal data in the message."""
    raise ValueError(f"no such citizen {req.route_params['secret']}")


@app.route("slow/{seconds}", methods=["GET"])
async def slow(req: func.HttpRequest) -> func.HttpResponse:
    """Take a while."""
    note("slow")
    await asyncio.sleep(float(req.route_params["seconds"]))
    return func.HttpResponse(b"slept")


@app.route("until-hastened", methods=["GET"])
async def until_hastened(req: func.HttpRequest) -> func.HttpResponse:
    """Wait until the host hastens the app."""
    note("waits")
    await RECAPITO.hastened.wait()
    return func.HttpResponse(b"hastened")


@app.route("setting/{name}", methods=["GET"])
async def setting(req: func.HttpRequest) -> func.HttpResponse:
    """Return a setting."""
    return func.HttpResponse(os.environ[req.route_params["name"]])


@app.queue_trigger(arg_name="msg", queue_name="%TOY_QUEUE%", connection="AzureWebJobsStorage")
async def work(msg: func.QueueMessage) -> None:
    """Note the item; `fail` in its text raises, `sleep` takes 1.2 s, `block` its process too.

    `forever` takes an hour.
    """
    text = msg.get_body().decode()
    note("work", text=text, count=msg.dequeue_count, inserted=str(msg.insertion_time))
    if "fail" in text:
        raise RuntimeError(text)
    if "sleep" in text:
        await asyncio.sleep(1.2)
    if "forever" in text:
        await asyncio.sleep(3600)
    if "block" in text:
        time.sleep(1.2)  # noqa: ASYNC251 - what it is for
    note("done", text=text)


@app.queue_trigger(arg_name="msg", queue_name="toy-awaited", connection="AzureWebJobsStorage")
async def awaited(msg: func.QueueMessage) -> None:
    """Note the item; the function has priority."""
    note("awaited", text=msg.get_body().decode())


@app.queue_trigger(arg_name="msg", queue_name="toy-poison", connection="AzureWebJobsStorage")
async def poisoned(msg: func.QueueMessage) -> None:
    """Note what went to poison."""
    note("poisoned", text=msg.get_body().decode())


@app.timer_trigger(arg_name="timer", schedule="%TOY_SCHEDULE%", use_monitor=True)
async def tick(timer: func.TimerRequest) -> None:
    """Note the firing."""
    note("tick", past_due=timer.past_due)
