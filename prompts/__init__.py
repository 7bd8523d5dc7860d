"""Prompts: one file an agent, `<agent>.md`, with sections that begin with `## system` or `## user` and variables like `{{document}}`.

The system section comes first and has no variables: what never changes stands first, so that endpoints can keep it in their
caches, and no word of a document ever speaks with the voice of the system. Values are put in once and never looked at again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

NAME = re.compile(r"[a-z][a-z_]*")
_VARIABLE = re.compile(r"\{\{([a-z][a-z_]*)\}\}")
_HEADING = re.compile(r"^## (system|user)$\n", re.MULTILINE)


@dataclass(frozen=True)
class Prompt:
    """A prompt as it stands in its file. `hash` is the SHA-256 of the file; `sections` are in its order."""

    name: str
    text: str
    hash: str
    sections: dict[str, str]
    variables: frozenset[str]

    def render(self, **values: str) -> dict[str, str]:
        """Each section with its variables' values. Raises `ValueError` when one is missing, or is not in the prompt."""
        if problems := self.variables ^ values.keys():
            name = min(problems)
            raise ValueError(f"prompt {self.name}: {{{{{name}}}}} " + ("has no value" if name in self.variables else "is not in the file"))
        return {role: _VARIABLE.sub(lambda found: values[found[1]], text) for role, text in self.sections.items()}


@lru_cache
def load(name: str) -> Prompt:
    """The prompt in `<name>.md`. Raises `ValueError` when it is not one."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a prompt")
    return read(name, (resources.files(__name__) / f"{name}.md").read_bytes())


def read(name: str, data: bytes) -> Prompt:
    """A prompt from the bytes of its file. Raises `ValueError` when sections are missing, doubled or out of order."""
    text = data.decode("utf-8").replace("\r\n", "\n")
    before, *parts = _HEADING.split(text)
    sections = {role: body.strip() for role, body in zip(parts[::2], parts[1::2], strict=True)}
    if before.strip() or parts[::2] != ["system", "user"] or not all(sections.values()):
        raise ValueError(f"prompt {name}: a prompt is a section '## system' and then a section '## user', and nothing before")
    if _VARIABLE.search(sections["system"]):
        raise ValueError(f"prompt {name}: variables stand in the section '## user' only")
    if "{{" in _VARIABLE.sub("", sections["user"]):
        raise ValueError(f"prompt {name}: a variable is written {{{{like_this}}}}")
    return Prompt(name, text, hashlib.sha256(data).hexdigest(), sections, frozenset(_VARIABLE.findall(sections["user"])))
