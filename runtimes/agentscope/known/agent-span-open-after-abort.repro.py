"""A pull of a reply that is cancelled does not end the agent span, as long as the consumer keeps the generator."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from span_after_cancel import conclude_open_span

asyncio.run(conclude_open_span("agent", "invoke_agent"))
