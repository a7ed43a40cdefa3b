"""The client retries after a lost connection, but a run that is pulled from several async contexts still fails."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
from responses_server import NO_CONNECTION
from retry_from_many_contexts import conclude_retry

asyncio.run(conclude_retry(NO_CONNECTION))
