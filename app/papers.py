"""Originals as agents read them: from the archive, each opened in a process of its own."""

from __future__ import annotations

import asyncio

from signoff.agents.crew import Opener
from signoff.tools.archive import Archive
from signoff.tools.documents.document import Source
from signoff.tools.isolation import Readers
from signoff.tools.orders.transcript import Member, Transcript


def opener(archive: Archive, readers: Readers) -> Opener:
    """What papers print. `readers` run `tools.orders.transcript.READER`."""

    async def printed(name: str, sha256: str, member: Member) -> Transcript:
        source = Source(name, archive.get(sha256))
        return await asyncio.wrap_future(readers.ask(source, member, Transcript))

    return printed
