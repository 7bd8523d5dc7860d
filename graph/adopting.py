"""Policy and rights hold for a company whose people sign in once somebody who may has adopted them, as they stand in their files."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from signoff.domain.policy import Policy
from signoff.graph.store.port import Store

FILES = {"policy": "policy.yaml", "access": "access.cedar"}


def adopted_sign_in(store: Store) -> Literal["trusted", "required"] | None:
    """How people are known under the policy that was last adopted; nothing when none ever was."""
    digest = store.credentials.adopted("policy")
    kept = store.masters.policy(digest) if digest else None
    return Policy.model_validate_json(kept[1]).access.sign_in if kept else None


def adopted_rights(store: Store) -> str | None:
    """The text of the access.cedar that was last adopted."""
    digest = store.credentials.adopted("access")
    return store.masters.kept("access", digest) if digest else None


def unadopted(store: Store, policy: str, access: str) -> list[str]:
    """The files that are others, by their digests, than were last adopted."""
    return [FILES[kind] for kind, digest in (("policy", policy), ("access", access)) if store.credentials.adopted(kind) != digest]


def adopt(store: Store, policy: tuple[str, str], access: tuple[str, str], person: str, now: dt.datetime) -> None:
    """From now on the policy and the rights, each a digest and a text, hold; both are kept."""
    digests = {"policy": policy[0], "access": access[0]}
    with store.transaction(durable=True):
        store.masters.keep_policy(*policy)
        store.masters.keep("access", access[1])
        for kind, digest in digests.items():
            store.credentials.adopt(kind, digest, person, now)
        bound = {f"adopted {kind}": digest for kind, digest in digests.items()}
        store.events.append("rules.adopted", person, {"credentials": bound} | digests, now)
