"""The process. LangGraph reads two switches from the environment when it is imported, so they are set here, before it is.

Without strict msgpack a forged checkpoint row runs code when it is loaded (GHSA-g48c-2wqr-h844).
"""

import os

os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
os.environ.setdefault("LANGSMITH_TRACING", "false")
