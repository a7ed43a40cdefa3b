"""The configuration of Hermes, and replacements for its look-ups. Must be imported before Hermes."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

HOME = Path(os.environ["HOME"]) / ".hermes"

# One attempt, because Hermes waits for a random number of seconds before a retry. No coding context and no environment probe,
# because they would add the state of the current folder to the instructions, which changes while plans run.
CONFIG = """
model: {context_length: 200000}
agent: {api_max_retries: 1, coding_context: "off", environment_probe: false}
compression: {enabled: false}
memory: {memory_enabled: false, user_profile_enabled: false}
"""

HOME.mkdir(parents=True, exist_ok=True)
(HOME / "config.yaml").write_text(CONFIG)
os.environ["HERMES_HOME"] = str(HOME)

# Hermes creates clients for each agent and request. Loading the certificates takes longer than a step, and plans use no TLS.
ssl.create_default_context = cache(ssl.create_default_context)

import hermes_time  # noqa: E402
from agent import model_metadata, usage_pricing  # noqa: E402

# The instructions of each agent contain the time of day.
hermes_time.now = lambda: datetime(2026, 1, 1, tzinfo=UTC)

# Hermes asks a server on loopback for the models of LM Studio, Ollama, llama.cpp and vLLM, and any server for prices. These
# requests are not part of a run.
model_metadata.detect_local_server_type = lambda *_, **__: None
usage_pricing.fetch_endpoint_model_metadata = lambda *_, **__: {}
