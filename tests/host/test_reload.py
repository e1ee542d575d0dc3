"""A host with --reload serves a changed app without a restart."""

import os
import signal
from pathlib import Path

from tests.host.host_process import HostProcess, copy_toy, wait_for

SAYS = """
import azure.functions as func
app = func.FunctionApp()

@app.route("said", auth_level=func.AuthLevel.ANONYMOUS)
async def said(req: func.HttpRequest) -> str: return "{}"
"""


def test_a_changed_file_is_served_without_a_restart(tmp_path: Path) -> None:
    """A version that does not index changes nothing, and no request is refused."""
    app = copy_toy(tmp_path, SAYS.format("first"))
    (tmp_path / "data").mkdir()
    (app / "host.json").write_text(
        '{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}'
    )

    with HostProcess(tmp_path / "data", "--reload", "--workers", "1", app=app) as host:
        assert host.call("GET", "/said").body == b"first"
        (app / "function_app.py").write_text(SAYS.format("second"))
        wait_for(lambda: host.call("GET", "/said").body == b"second")
        (app / "function_app.py").write_text("this is no Python")
        wait_for(lambda: "does not index" in host.output)
        (app / "function_app.py").write_text(SAYS.format("third"))
        wait_for(lambda: host.call("GET", "/said").body == b"third")
        host.process.terminate()
        assert host.process.wait(15) == 0
        assert "function_app.py changed; restarting the workers" in host.output


def test_a_worker_that_is_told_to_end_while_it_starts_is_no_fault(tmp_path: Path) -> None:
    """A reload may come before a worker is ready: the host starts another one."""
    (tmp_path / "data").mkdir()
    host = HostProcess(tmp_path / "data", "--workers", "1")
    os.kill(min(wait_for(lambda: host.workers)), signal.SIGTERM)
    with host:
        assert host.call("GET", "/noop").status == 200
        assert "died" not in host.output
