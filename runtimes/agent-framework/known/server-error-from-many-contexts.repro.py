"""The client retries after a server error, but a run that is pulled from several async contexts still fails."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from responses_server import refusal
from retry_from_many_contexts import conclude_retry

asyncio.run(conclude_retry(refusal(500, "The server had an error.")))
