"""If a stream breaks after part of the text, the final response has this part and the whole answer of the next request."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

FOLDER = tempfile.TemporaryDirectory(prefix="hermes-")
HOME = Path(FOLDER.name)
(HOME / "config.yaml").write_text("agent: {api_max_retries: 1}\nmemory: {memory_enabled: false}\n")
os.environ["HOME"] = os.environ["HERMES_HOME"] = str(HOME)

from run_agent import AIAgent  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[2]))
from responses_server import Server, conclude  # noqa: E402


def chunk(text: str | None, finish_reason: str | None = None) -> dict[str, Any]:
    """Returns a chunk of a stream of chat completions."""
    delta = {} if text is None else {"role": "assistant", "content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return {"id": "chatcmpl_1", "object": "chat.completion.chunk", "created": 0, "model": "gpt-5.1", "choices": [choice]}


broken = {"error": {"message": "The server had an error.", "type": "server_error", "code": "server_error"}}
server = Server([chunk("First half"), broken], [chunk("Whole answer."), chunk(None, "stop")])
agent = AIAgent(
    base_url=server.url,
    api_key="none",
    provider="custom",
    model="gpt-5.1",
    api_mode="chat_completions",
    enabled_toolsets=[],
    quiet_mode=True,
    skip_context_files=True,
    skip_memory=True,
)
final = agent.run_conversation("Hi", stream_callback=lambda _: None).get("final_response")
conclude(
    "the final response joins the first part of a broken stream and the answer of the next request",
    expected="the text of the last answer: 'Whole answer.'",
    found=f"{final!r} after {len(server.requests)} requests",
    is_there=final == "First halfWhole answer.",
)
