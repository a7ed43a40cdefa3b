"""What Hermes finds in its home, and what it is not to look up: imported before it is."""

from __future__ import annotations

import os
import ssl
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

HOME = Path(os.environ["HOME"]) / ".hermes"

# One attempt: Hermes waits for seconds before it asks again, and the wait is drawn. Its instructions are not to tell of the
# folder in which a driver happens to run: git's status there changes while plans run.
CONFIG = """
model: {context_length: 200000}
agent: {api_max_retries: 1, coding_context: "off", environment_probe: false}
compression: {enabled: false}
memory: {memory_enabled: false, user_profile_enabled: false}
"""

HOME.mkdir(parents=True, exist_ok=True)
(HOME / "config.yaml").write_text(CONFIG)
os.environ["HERMES_HOME"] = str(HOME)

# Hermes makes clients for each agent and each request: to read all certificates takes longer than a step, and no plan uses them.
ssl.create_default_context = cache(ssl.create_default_context)

import hermes_time  # noqa: E402
from agent import model_metadata, usage_pricing  # noqa: E402

# The instructions of each agent tell the time of day.
hermes_time.now = lambda: datetime(2026, 1, 1, tzinfo=UTC)

# A server on loopback is taken for a local one: Hermes asks it for the models of LM Studio, Ollama, llama.cpp and vLLM,
# and any server for prices. None of it is part of a run.
model_metadata.detect_local_server_type = lambda *_, **__: None
usage_pricing.fetch_endpoint_model_metadata = lambda *_, **__: {}
