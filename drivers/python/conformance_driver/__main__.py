"""`python -m conformance_driver DRIVER.py`: serves the harness over stdin and stdout, one plan at a time, until stdin ends."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import itertools
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from .contract import Runtime, text_of
from .home import hold_home
from .lines import Lines
from .noise import hear_noise, loop_noise
from .plan import OpenPlan
from .quiet import Quiet
from .telemetry import Telemetry

PROTOCOL = 1


class Driver:
    def __init__(self, path: Path, lines: Lines, quiet: Quiet, telemetry: Telemetry) -> None:
        self._path = path
        self._lines = lines
        self._quiet = quiet
        self._telemetry = telemetry
        self._numbers = itertools.count()
        self._runtime: Runtime | None = None
        self._plan: OpenPlan | None = None
        self._over = asyncio.Event()

    async def serve(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(0, self._read)
        await self._over.wait()

    def _read(self) -> None:
        if not self._lines.receive(self._hear):
            self._over.set()

    def _hear(self, message: dict[str, Any]) -> None:
        try:
            self._obey(message)
        except BaseException as error:
            self._fault(message, error)

    def _obey(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "hello":
                self._hello(message["protocol"])
            case "quiet":
                self._quiet.ask(message["number"])
            case "advance":
                self._quiet.advance(message["by"])
            case "open":
                if self._plan is not None:
                    self._plan.silence()
                self._plan = OpenPlan(
                    self._runtime, self._lines, self._quiet, self._telemetry, self._numbers
                )
                self._task(message, self._plan.open(message))
            case "start":
                self._plan.start(message)
            case "tool.result":
                self._plan.tool_result(message)
            case "tool.shield":
                self._plan.tool_shield(message)
            case "mode":
                self._plan.set_mode(message["to"])
            case "close":
                self._task(message, self._plan.close())
            case _:
                self._plan.command(message)

    def _hello(self, protocol: int) -> None:
        if protocol != PROTOCOL:
            raise ValueError(f"found protocol {protocol}, expected {PROTOCOL}")
        runtime = self._runtime = load(self._path)
        # Garbage is collected only at the end of a plan, so that finalizers run at a fixed time. `freeze` excludes the objects
        # that exist by now.
        gc.disable()
        gc.collect()
        gc.freeze()
        self._lines.send(
            "ready",
            protocol=PROTOCOL,
            name=runtime.name,
            version=runtime.version,
            supports=sorted(runtime.supports),
            hooks=runtime.hooks,
            **({"retries": runtime.retries} if hasattr(runtime, "retries") else {}),
        )

    def _task(self, message: dict[str, Any], work: Any) -> None:
        def settled(task: asyncio.Task[None]) -> None:
            error = None if task.cancelled() else task.exception()
            if error is not None:
                self._fault(message, error)

        asyncio.get_running_loop().create_task(work).add_done_callback(settled)

    def _fault(self, message: dict[str, Any], error: BaseException) -> None:
        self._lines.send("error", message=f"{message['type']}: {type(error).__name__}: {text_of(error)}")


def load(path: Path) -> Runtime:
    """Loads a driver's file, and returns its export `runtime`."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location("driver", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["driver"] = module
    spec.loader.exec_module(module)
    return module.runtime


def main() -> None:
    lines = Lines()

    def tell(what: str, message: str) -> None:
        lines.send("log", what=what, message=message)

    hold_home()
    hear_noise(tell)
    quiet = Quiet(lambda **told: lines.send("quiet", **told), lines.flush)
    telemetry = Telemetry(lines)
    loop = quiet.new_loop()
    loop.set_exception_handler(loop_noise(tell))
    asyncio.set_event_loop(loop)
    code = 0
    try:
        loop.run_until_complete(Driver(Path(sys.argv[1]).resolve(), lines, quiet, telemetry).serve())
    except Exception:
        traceback.print_exc(file=sys.__stderr__)
        code = 1
    except SystemExit as leaving:
        tell("exit", f"sys.exit({leaving.code}) was called")
        code = 1
    lines.flush()
    # `_exit` also ends the process if a thread never ends.
    os._exit(code)


main()
