"""`signoff contracts import`: YAML holds at once, as whoever wrote it says; what is read of a paper is proposed, and waits for a person."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from signoff.app.imports import imported
from signoff.app.terminal import progress
from signoff.app.workspace import Workspace, done
from signoff.domain.agreement import Agreement
from signoff.domain.contract import Contract
from signoff.domain.errors import BadInput, SignoffError
from signoff.domain.proposal import Proposal
from signoff.graph.agreements import propose
from signoff.tools.agreements.paper import READER, Wanted
from signoff.tools.archive import Archive
from signoff.tools.documents.document import Source
from signoff.tools.isolation import Readers
from signoff.tools.limits import MAX_BYTES
from signoff.tools.masterdata.contracts import load_contracts

YAML = (".yaml", ".yml")
PAPERS = (".pdf", ".docx", ".odt", ".txt", ".text", ".md", ".html", ".htm", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv")
"""What is taken from a folder; a file that is named is taken whatever it is called."""


@dataclass
class Imported:
    """What came of it: contracts from YAML, papers that were proposed now or earlier, and a sentence for each that could not be read."""

    contracts: list[Contract] = field(default_factory=list)
    unamended: list[str] = field(default_factory=list)
    new: list[Proposal] = field(default_factory=list)
    known: list[tuple[str, Proposal]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def import_contracts(w: Workspace, paths: Sequence[Path], by: str, amends: str | None = None) -> Imported:
    """Take in every file. Raises `BadInput` for YAML that is wrong, before anything is taken; a paper that is wrong fails alone."""
    files = list(_files(paths))
    if amends is not None and w.store.masters.contract(amends) is None:
        raise BadInput(f"There is no contract {amends}; `signoff contracts list` shows them.")
    result = Imported()
    terms = [f for f in files if f.suffix.lower() in YAML]
    if terms:
        _hold(w, load_contracts(terms), terms, by, result)
    papers = [f for f in files if f not in terms]
    if papers:
        with Readers(min(len(papers), os.cpu_count() or 1), reader=READER) as readers:
            readers.warm()
            _propose(w, readers, papers, amends, result)
    return result


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files themselves, and in folders those that may be contracts, once each and in a fixed order."""
    seen: set[Path] = set()
    for path in paths:
        inside = [path]
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in (*YAML, *PAPERS) and p.is_file() and p.name[0] not in ".~")
        if not inside:
            raise BadInput(f"{path} holds no contract; they are .yaml files, or papers such as .pdf, .docx, .txt, .html, .xlsx or .csv.")
        for file in inside:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _hold(w: Workspace, contracts: list[Contract], files: list[Path], by: str, result: Imported) -> None:
    """Put contracts from YAML in place of those with the same numbers; amendments that so end are told."""
    earlier = {c.contract_id: c for c in w.store.masters.contracts()}
    with w.store.transaction(durable=True):
        w.store.masters.put_contracts(contracts)
        imported(w, "contracts", files, len(contracts), by)
    result.contracts = contracts
    result.unamended = [
        c.contract_id for c in contracts if not c.amendments and c.contract_id in earlier and earlier[c.contract_id].amendments
    ]


def _propose(w: Workspace, readers: Readers, papers: list[Path], amends: str | None, result: Imported) -> None:
    """Read the papers in other processes, a few ahead, and propose each in the order of the files."""
    archive = Archive(w.root / "archive")
    ahead: deque[tuple[Path, Source, Future[Agreement]]] = deque()
    waiting = deque(papers)
    with progress() as bar, looking(w) as look:
        task = bar.add_task("reading", total=len(papers))
        while waiting or ahead:
            while waiting and len(ahead) < 2 * readers.count:
                source = _source(path := waiting.popleft())
                ahead.append((path, source, readers.ask(source, Wanted(), Agreement)))
            path, source, asked = ahead.popleft()
            try:
                agreement = asked.result()
                known = w.store.agreements.of_file(archive.put(source.data))
                proposal, new = propose(w.store, agreement if known else look(agreement), w.settings.now(), amends)
                result.new += [proposal] if new else []
                result.known += [] if new else [(str(path), proposal)]
            except SignoffError as error:
                result.failed.append(str(error))
            bar.advance(task)


def _source(path: Path) -> Source:
    """The file as it came; `problem` says why it could not be had."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return Source(str(path), b"", f"{path} cannot be opened: {error.strerror}.")
    return Source(str(path), data, f"{path} is larger than {MAX_BYTES // 1_000_000} MB, the limit." if len(data) > MAX_BYTES else None)


@contextmanager
def looking(w: Workspace) -> Iterator[Callable[[Agreement], Agreement]]:
    """What looks at a paper besides the rules: the contract agent where a model is configured, else nobody."""
    if w.settings.endpoint() is None:
        yield lambda agreement: agreement
        return
    from signoff.agents.asking import Asker
    from signoff.agents.terms import with_terms
    from signoff.graph.calls import StoreLedger
    from signoff.graph.store.rows import Owner

    with w.staffed() as services:
        crew = services.crew

        def look(agreement: Agreement) -> Agreement:
            if crew is None or not services.policy.agents.extraction:
                return agreement
            ledger = StoreLedger(services, Owner(conversation=f"contract:{agreement.sha256}"))
            return done(services, with_terms(Asker(crew.model, ledger, crew.chat_budget, services.clock), agreement))

        yield look
