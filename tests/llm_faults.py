"""The ways in which `llm_server.py` misbehaves, each with a name; `docs/models.md` lists them all."""

from __future__ import annotations

import llm_faults_altered
import llm_faults_damaged
import llm_faults_refused
from llm_fault import Fault

FAULTS: dict[str, Fault] = {**llm_faults_refused.faults, **llm_faults_damaged.faults, **llm_faults_altered.faults}
