"""OpenAI and HTTP clients for the runtime of a plan."""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any

from .contract import World


# README of openai-python, "Retries". A runtime that leaves its requests to this client promises the same.
RETRIES = {
    "most": 2,
    "docs": "Certain errors are automatically retried 2 times by default, with a short exponential backoff. Connection errors "
    "(for example, due to a network connectivity problem), 408 Request Timeout, 409 Conflict, 429 Rate Limit, and >=500 "
    "Internal errors are all retried by default.",
}


def async_openai(world: World, **options: Any) -> Any:
    """Returns an `openai.AsyncOpenAI` for the plan's service. Call it in the event loop that uses the client. The client is
    closed after the plan's team."""
    from openai import AsyncOpenAI

    return AsyncOpenAI(base_url=world.base_url, api_key=world.api_key, http_client=http_client(world), **options)


def http_client(world: World) -> Any:
    """Returns the HTTP client for an `openai.AsyncOpenAI` that the runtime creates. It is closed after the plan's team."""
    from openai import DefaultAsyncHttpxClient

    client = DefaultAsyncHttpxClient(verify=certificates())
    world.closes(client.aclose)
    return client


@cache
def certificates() -> ssl.SSLContext:
    """Returns the TLS certificates, loaded only once: loading takes longer than a plan, and plans use no TLS."""
    return ssl.create_default_context()
