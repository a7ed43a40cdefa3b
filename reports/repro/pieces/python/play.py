import asyncio
import gc
import itertools
import threading
import time

BOUND = 20.0
"""Seconds after which what has not settled is hung."""

IN_TRANSIT = 0.005
"""Seconds within which what is sent on loopback has arrived."""


async def until(comes, bound=BOUND):
    """Waits for something to come true. Tells whether it did."""
    end = time.monotonic() + bound
    while not comes():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.002)
    return True


class Calm:
    """When nothing goes on in this process any more, by what drivers share to tell it (conformance_driver.quiet)."""

    def __init__(self, quiet):
        self.quiet = quiet(self._answer, lambda: None)
        self.loop = self.quiet.new_loop()
        self._numbers = itertools.count()
        self._waiting = {}

    def _answer(self, number, **_):
        self._waiting.pop(number).set()

    def wait(self):
        """From another thread than the main one."""
        # What was sent has to arrive first.
        time.sleep(IN_TRANSIT)
        self._ask().wait(BOUND)

    async def comes(self):
        await asyncio.sleep(IN_TRANSIT)
        calm = self._ask()
        await until(calm.is_set)

    def _ask(self):
        number, calm = next(self._numbers), threading.Event()
        self._waiting[number] = calm
        self.loop.call_soon_threadsafe(self.quiet.ask, number)
        return calm


class Play:
    """Has the conversations of a plan with a runtime, through its driver, as the harness had them."""

    def __init__(self, plan, opened, watch, order, calm):
        self._calm = calm
        self._plan = plan
        self._opened = opened
        self._watch = watch
        self._order = order
        self._loop = asyncio.get_running_loop()
        self._calls = {}
        self._tasks = set()
        watch.on_tool_call = lambda told: self._loop.call_soon_threadsafe(self._soon, self._tool(told))

    async def perform(self, base_url):
        plan, opened = self._plan, self._opened
        given = {"team": plan["team"], "flow": plan.get("flow"), "mode": plan["mode"]}
        await opened.open({**given, "baseURL": base_url, "apiKey": "sk-none"})
        for toggle in plan["mode"].get("toggles", []):
            self._soon(self._switch(toggle["to"]))
        having = []
        for number in range(len(plan["conversations"])):
            having.append(self._soon(self._have(number)))
            # Each begins when the one before stands.
            await self._calm.comes()
        await asyncio.gather(*having)
        await self._calm.comes()
        await asyncio.wait([self._soon(opened.close())], timeout=BOUND)
        # What comes late is seen as well.
        await self._calm.comes()

    def _soon(self, work):
        task = self._loop.create_task(work)
        self._opened._others.add(task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _switch(self, to):
        await self._order.comes(f"mode {to}")
        self._opened.set_mode(to)

    async def _have(self, number):
        conversation = self._plan["conversations"][number]
        for at, turn in enumerate(conversation["turns"]):
            if not await self._turn(number, conversation, at, turn):
                return

    async def _turn(self, number, conversation, at, turn):
        """False: the consumer dropped its run, or it hangs; the conversation is over."""
        run, watch, stop = f"c{number}.t{at}", self._watch, turn.get("stop") or {}
        watch.begins(run)
        own = {name: turn[name] for name in ("stream", "target", "pull", "breaks") if name in turn}
        lasting = {"session": conversation["session"], "store": conversation["store"]}
        asked = {"run": run, "conversation": number, "turn": at, "input": turn["say"], **lasting, **own}
        self._opened.start({**asked, "as": conversation.get("as", "task")})
        most = stop.get("after", {}).get("updates")
        stopped = self._soon(self._stop(run, stop["how"])) if stop and most is None else None
        gone = stopped if stop.get("how") == "drop" else None
        pulls = turn["stream"] and turn["pull"] != "final-only"
        if pulls and most:
            self._tell("pull", run, most=most)
            await until(lambda: run in watch.ended or watch.taken[run] >= most)
        if most is not None and watch.taken[run] >= most:
            await self._stop(run, stop["how"])
            if stop["how"] == "drop":
                return False
        if pulls and run not in watch.ended and not (most is not None and stop["how"] == "return"):
            self._tell("pull", run)
            if not await self._unless(gone, lambda: run in watch.ended):
                return False
        self._tell("outcome", run)
        if await self._unless(gone, lambda: run in watch.outcomes):
            return True
        if gone is None or not gone.done():
            watch.outcomes[run] = "hung: "
        return False

    async def _unless(self, gone, comes):
        """Waits for something, unless the consumer has gone before."""
        await until(lambda: comes() or (gone is not None and gone.done()))
        return comes()

    def _tell(self, type, run, **more):
        self._opened.command({"type": type, "run": run, **more})

    async def _stop(self, run, how):
        await self._order.comes(f"stop {run}")
        self._tell({"abort": "abort", "drop": "drop", "return": "stop"}[how], run)

    async def _tool(self, call):
        """The k-th call of a tool within a conversation does `does[k]`, then the last again."""
        name, agent = call["name"], call.get("agent")
        # Where the runtime does not tell whose call it is, it is that of the result that comes next.
        run = call["run"] or self._order.next_tool(name)
        key = (run.split(".")[0], agent, name)
        place = self._calls[key] = self._calls.get(key, -1) + 1
        specs = [tool for one in self._plan["team"] if agent in (None, one["name"]) for tool in one["tools"]]
        does = next((tool["does"] for tool in specs if tool["name"] == name), [{"kind": "return", "value": None}])
        act = does[min(place, len(does) - 1)]
        if act["kind"] == "hang":
            return
        await self._order.comes(f"tool {run} {name}")
        said = {"value": act["value"]} if act["kind"] == "return" else {"error": act.get("message", "")}
        self._opened.tool_result({"call": call["call"], **said})


def perform(plan, answers, sequence):
    """What was seen of the plan's runs."""
    from conformance_driver.noise import hear_noise, loop_noise
    from conformance_driver.plan import OpenPlan
    from conformance_driver.quiet import Quiet
    from conformance_driver.telemetry import Telemetry

    def tell(what, message):
        watch.send("log", what=what, message=message)

    async def play():
        opened = OpenPlan(runtime, watch, calm.quiet, telemetry, itertools.count())
        await Play(plan, opened, watch, order, calm).perform(service.base_url)

    watch, calm = Watch(), Calm(Quiet)
    order = Order(sequence, calm)
    hear_noise(tell)
    calm.loop.set_exception_handler(loop_noise(tell))
    asyncio.set_event_loop(calm.loop)
    telemetry = Telemetry(watch)
    from driver import runtime

    # Garbage is collected when a plan is over, and at no other time: what finalizers do must not depend on chance.
    gc.disable()
    gc.collect()
    gc.freeze()
    service = Service(answers, order)
    calm.loop.run_until_complete(play())
    if watch.faults:
        raise RuntimeError("; ".join(watch.faults))
    return watch.all(service.requests())
