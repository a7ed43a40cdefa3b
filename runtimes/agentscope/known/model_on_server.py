"""A model of AgentScope that asks the server of a script, for the `*.repro.py` files of this folder."""

from __future__ import annotations

from agentscope.credential import OpenAICredential
from agentscope.model import OpenAIResponseModel


def build_model(url: str, stream: bool) -> OpenAIResponseModel:
    credential = OpenAICredential(api_key="none", base_url=url)
    return OpenAIResponseModel(credential=credential, model="gpt-5.1", stream=stream)
