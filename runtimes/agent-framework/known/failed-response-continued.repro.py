"""The next run of a session continues a response that failed."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from agent_on_server import build_agent
from responses_server import Server, conclude, response, text


async def main() -> None:
    failed = response(text("Hello."), error="server_error")
    server = Server(failed, response(text("Hello.")))
    agent = build_agent(server.url)
    session = agent.create_session()
    await agent.run("Hi", session=session)
    await agent.run("And now?", session=session)
    named = server.requests[1].get("previous_response_id")
    conclude(
        "the second request names the response that failed",
        expected="previous_response_id None, or an error of the first run",
        found=f"previous_response_id {named}, and the failed response is {failed['id']}",
        is_there=named == failed["id"],
    )


asyncio.run(main())
