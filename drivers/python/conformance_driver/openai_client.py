"""The OpenAI client that a plan's runtime is given, or what goes under its own."""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any

from .contract import World


def async_openai(world: World, **options: Any) -> Any:
    """An `openai.AsyncOpenAI` for the plan's service, closed after its team. Made in the event loop that uses it."""
    from openai import AsyncOpenAI

    return AsyncOpenAI(base_url=world.base_url, api_key=world.api_key, http_client=http_client(world), **options)


def http_client(world: World) -> Any:
    """What goes under an `openai.AsyncOpenAI` that a runtime makes itself, which closes none: closed after the plan's team."""
    from openai import DefaultAsyncHttpxClient

    client = DefaultAsyncHttpxClient(verify=certificates())
    world.closes(client.aclose)
    return client


@cache
def certificates() -> ssl.SSLContext:
    """Made once: it takes longer than a plan, and no plan uses it."""
    return ssl.create_default_context()
