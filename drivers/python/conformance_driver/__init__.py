"""The shared code of all Python drivers. A runtime's own file implements `Runtime`, `Team` and `Run`."""

from .contract import PULLS, Run, RunRequest, Runtime, Team, ToolError, World, error_shape
from .loops import in_loop

__all__ = ["PULLS", "Run", "RunRequest", "Runtime", "Team", "ToolError", "World", "error_shape", "in_loop"]
