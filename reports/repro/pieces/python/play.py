import asyncio
import gc
import itertools
import threading
import time

BOUND = 20.0
"""Seconds after which a run counts as hung."""

IN_TRANSIT = 0.005
"""Seconds within which data that was sent on loopback arrives."""


async def wait_until(is_true, bound=BOUND):
    """Waits until a condition is true. Returns whether it became true in time."""
    end = time.monotonic() + bound
    while not is_true():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.002)
    return True


class Idle:
    """Waits until the process is idle, as conformance_driver.quiet measures it."""

    def __init__(self, quiet):
        self.quiet = quiet(self._answer, lambda: None)
        self.loop = self.quiet.new_loop()
        self._numbers = itertools.count()
        self._waiting = {}

    def _answer(self, number, **_):
        self._waiting.pop(number).set()

    def wait(self):
        """Blocks until the process is idle. Call it from any thread but the main thread."""
        # Data that was sent must arrive first.
        time.sleep(IN_TRANSIT)
        self._ask().wait(BOUND)

    async def wait_async(self):
        """Waits in the event loop until the process is idle."""
        await asyncio.sleep(IN_TRANSIT)
        idle = self._ask()
        await wait_until(idle.is_set)

    def _ask(self):
        number, idle = next(self._numbers), threading.Event()
        self._waiting[number] = idle
        self.loop.call_soon_threadsafe(self.quiet.ask, number)
        return idle


class PlanRun:
    """Runs the conversations of a plan on a runtime, through its driver, as the harness did."""

    def __init__(self, plan, opened, watch, order, idle):
        self._idle = idle
        self._plan = plan
        self._opened = opened
        self._watch = watch
        self._order = order
        self._loop = asyncio.get_running_loop()
        self._calls = {}
        self._tasks = set()
        watch.on_tool_call = lambda call: self._loop.call_soon_threadsafe(self._start_task, self._run_tool(call))

    async def run(self, base_url):
        plan, opened = self._plan, self._opened
        given = {"team": plan["team"], "flow": plan.get("flow"), "mode": plan["mode"]}
        await opened.open({**given, "baseURL": base_url, "apiKey": "sk-none"})
        for toggle in plan["mode"].get("toggles", []):
            self._start_task(self._switch_telemetry(toggle["to"]))
        running = []
        for number in range(len(plan["conversations"])):
            running.append(self._start_task(self._run_conversation(number)))
            # The next conversation begins when this one waits.
            await self._idle.wait_async()
        await asyncio.gather(*running)
        await self._idle.wait_async()
        await asyncio.wait([self._start_task(opened.close())], timeout=BOUND)
        # Late events are recorded as well.
        await self._idle.wait_async()

    def _start_task(self, work):
        task = self._loop.create_task(work)
        self._opened._others.add(task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _switch_telemetry(self, to):
        await self._order.wait_async(f"mode {to}")
        self._opened.set_mode(to)

    async def _run_conversation(self, number):
        conversation = self._plan["conversations"][number]
        for at, turn in enumerate(conversation["turns"]):
            if not await self._run_turn(number, conversation, at, turn):
                return

    async def _run_turn(self, number, conversation, at, turn):
        """Runs a turn. Returns False if the consumer dropped the run or the run hangs, which ends the conversation."""
        run, watch, stop = f"c{number}.t{at}", self._watch, turn.get("stop") or {}
        watch.begin_run(run)
        own = {name: turn[name] for name in ("stream", "target", "pull", "breaks") if name in turn}
        lasting = {"session": conversation["session"], "store": conversation["store"]}
        asked = {"run": run, "conversation": number, "turn": at, "input": turn["say"], **lasting, **own}
        self._opened.start({**asked, "as": conversation.get("as", "task")})
        most = stop.get("after", {}).get("updates")
        stopped = self._start_task(self._stop(run, stop["how"])) if stop and most is None else None
        gone = stopped if stop.get("how") == "drop" else None
        pulls = turn["stream"] and turn["pull"] != "final-only"
        if pulls and most:
            self._command("pull", run, most=most)
            await wait_until(lambda: run in watch.ended or watch.taken[run] >= most)
        if most is not None and watch.taken[run] >= most:
            await self._stop(run, stop["how"])
            if stop["how"] == "drop":
                return False
        if pulls and run not in watch.ended and not (most is not None and stop["how"] == "return"):
            self._command("pull", run)
            if not await self._wait_unless(gone, lambda: run in watch.ended):
                return False
        self._command("outcome", run)
        if await self._wait_unless(gone, lambda: run in watch.outcomes):
            return True
        if gone is None or not gone.done():
            watch.outcomes[run] = "hung: "
        return False

    async def _wait_unless(self, gone, is_true):
        """Waits until a condition is true or the consumer has dropped the run. Returns whether the condition is true."""
        await wait_until(lambda: is_true() or (gone is not None and gone.done()))
        return is_true()

    def _command(self, type, run, **more):
        self._opened.command({"type": type, "run": run, **more})

    async def _stop(self, run, how):
        await self._order.wait_async(f"stop {run}")
        self._command({"abort": "abort", "drop": "drop", "return": "stop"}[how], run)

    async def _run_tool(self, call):
        """Runs a tool. Call k of a tool in a conversation does `does[k]`; later calls do the last entry."""
        name, agent = call["name"], call.get("agent")
        # If the runtime does not report the run of a call, it is the run of the next tool result.
        run = call["run"] or self._order.next_tool(name)
        key = (run.split(".")[0], agent, name)
        place = self._calls[key] = self._calls.get(key, -1) + 1
        specs = [tool for one in self._plan["team"] if agent in (None, one["name"]) for tool in one["tools"]]
        does = next((tool["does"] for tool in specs if tool["name"] == name), [{"kind": "return", "value": None}])
        act = does[min(place, len(does) - 1)]
        if act["kind"] == "hang":
            return
        await self._order.wait_async(f"tool {run} {name}")
        said = {"value": act["value"]} if act["kind"] == "return" else {"error": act.get("message", "")}
        self._opened.tool_result({"call": call["call"], **said})


def run_plan(plan, answers, sequence):
    """Runs the plan, and returns what was observed."""
    from conformance_driver.noise import hear_noise, loop_noise
    from conformance_driver.plan import OpenPlan
    from conformance_driver.quiet import Quiet
    from conformance_driver.telemetry import Telemetry

    def report_noise(what, message):
        watch.send("log", what=what, message=message)

    async def run():
        opened = OpenPlan(runtime, watch, idle.quiet, telemetry, itertools.count())
        await PlanRun(plan, opened, watch, order, idle).run(service.base_url)

    watch, idle = Watch(), Idle(Quiet)
    order = Order(sequence, idle)
    hear_noise(report_noise)
    idle.loop.set_exception_handler(loop_noise(report_noise))
    asyncio.set_event_loop(idle.loop)
    telemetry = Telemetry(watch)
    from driver import runtime

    # The harness collects garbage only after a plan, so that finalizers run at the same time in each run.
    gc.disable()
    gc.collect()
    gc.freeze()
    service = Service(answers, order)
    idle.loop.run_until_complete(run())
    if watch.faults:
        raise RuntimeError("; ".join(watch.faults))
    return watch.collect(service.requests())
