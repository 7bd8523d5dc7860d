"""The workspace: the folder that holds policy, store, originals and the built-in ERP. Wires everything in one place."""

from __future__ import annotations

import datetime as dt
import secrets
import shutil
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from signoff.app.settings import Settings, load_settings
from signoff.domain.errors import BadInput, Refused
from signoff.domain.people import Directory
from signoff.graph.store.opening import Opened, Place, open_store

if TYPE_CHECKING:
    # What takes time to import is imported where it is used: commands that only look need little of it.
    from signoff.graph.checkpoints import Saver
    from signoff.graph.jobs import Graph
    from signoff.graph.services import Services
    from signoff.graph.workers import Worker
    from signoff.tools.access import Access
    from signoff.tools.masterdata.policy import LoadedPolicy

T = TypeVar("T")

MOVED = "store.moved"
"""The file that says where a workspace's store went."""

TEMPLATES = ("policy.yaml", "access.cedar", "vendors.csv", "people.csv")


def init(root: Path) -> list[str]:
    """Make a workspace; returns the names of the files it wrote. What is there already stays as it is."""
    root.mkdir(parents=True, exist_ok=True)
    written = []
    for name in TEMPLATES:
        target = root / name
        if not target.exists():
            with resources.as_file(resources.files("signoff.app") / "workspace_template" / name) as template:
                shutil.copyfile(template, target)
            written.append(name)
    key = root / "audit.key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_hex(32), encoding="ascii")
    return written


@dataclass
class Workspace:
    """An opened workspace. `services` wires policy, people, vendors and contracts as they are now."""

    root: Path
    settings: Settings
    store: Opened

    @property
    def key(self) -> bytes:
        """The secret of the audit chain."""
        return key_of(self.root, self.settings)

    @cached_property
    def loaded(self) -> LoadedPolicy:
        """The policy as its file stands. Raises `BadInput` with what is wrong."""
        from signoff.tools.masterdata.policy import load_policy

        return load_policy(self.root / "policy.yaml")

    @cached_property
    def people(self) -> Directory:
        """The people as they were last imported; nobody before that."""
        return Directory(self.store.masters.people())

    @cached_property
    def services(self) -> Services:
        """Everything the process works with. Raises `BadInput` when the policy is wrong or master data is missing."""
        from signoff.app import telemetry
        from signoff.domain.checks.vendor_match import VendorBook
        from signoff.graph.holding import HeldContracts
        from signoff.graph.services import Services, short
        from signoff.tools.archive import Archive
        from signoff.tools.erp.configured import Place as ErpPlace
        from signoff.tools.erp.configured import configured

        loaded = self.loaded
        people, vendors = list(self.people), self.store.masters.vendors()
        for name, found in (("people", people), ("vendors", vendors)):
            if not found:
                raise BadInput(
                    f"There are no {name} yet; fill in {self.root / name}.csv and run: signoff {name} import {self.root / name}.csv"
                )
        contracts = HeldContracts(self.store.masters)
        return Services(
            store=self.store,
            archive=Archive(self.root / "archive"),
            erp=configured(ErpPlace(self.root, self.settings.erp_key)),
            clock=self.settings.now,
            policy=loaded.policy,
            policy_hash=loaded.hash,
            people=self.people,
            vendors=VendorBook(vendors),
            contracts=contracts,
            masters=(*(short(self.store.masters.digest(kind)) for kind in ("people", "vendors")), short(contracts.digest)),
            trace_content=telemetry.content(),
            weights=self.store.autonomy.weights(),
        )

    @cached_property
    def checkpoints(self) -> Saver:
        """Where LangGraph keeps the threads of cases: beside the store."""
        from signoff.graph.checkpoints import open_checkpoints

        place = self.store.place
        return open_checkpoints(place if isinstance(place, str) else self.root / "checkpoints.db")

    @cached_property
    def graph(self) -> Graph:
        """The compiled graph on the workspace's checkpoints."""
        from signoff.graph.flow import compiled

        return compiled(self.checkpoints)

    @cached_property
    def access(self) -> Access:
        """Who may do what. Raises `BadInput` when access.cedar is missing or wrong."""
        from signoff.tools.access import Access

        path = self.root / "access.cedar"
        if not path.exists():
            raise BadInput(f"{path} is missing; restore it, or have it written again with: signoff init {self.root}")
        return Access(path.read_text(encoding="utf-8"), str(path))

    @contextmanager
    def staffed(self) -> Iterator[Services]:
        """The services with the agents, where a model is configured."""
        if self.settings.endpoint() is None:
            yield self.services
            return
        from signoff.app.crew import crew_of

        crew = crew_of(self.settings, self.services.policy, self.access, self.services.archive, self.store.jobs)
        try:
            yield replace(self.services, crew=crew)
        finally:
            if crew:
                crew.close()

    @contextmanager
    def worker(self) -> Iterator[tuple[Services, Worker]]:
        """This process at work, with the agents; its jobs are free for others when it ends, however it ends."""
        from signoff.graph.workers import Worker

        worker = Worker(self.root / "locks")
        try:
            with self.at_work() as services:
                yield services, worker
        finally:
            worker.close()

    @contextmanager
    def at_work(self) -> Iterator[Services]:
        """The services with the agents, and with all that is decided with kept."""
        from signoff.app import telemetry

        self.in_force()
        with telemetry.exported(), self.staffed() as services:
            self._keep(services)
            yield replace(services, access=self.access)

    def _keep(self, services: Services) -> None:
        """Keep what is decided with, so that it can be derived again; master data are kept by their import."""
        with self.store.transaction():
            self.store.masters.keep_policy(services.policy_hash, services.policy.model_dump_json())
            self.store.masters.keep("access", self.access.text)

    @cached_property
    def sign_in_required(self) -> bool:
        """Whether people prove who they are. Only an adopted policy can put an end to it."""
        from signoff.graph.adopting import adopted_sign_in

        return "required" in (self.loaded.policy.access.sign_in, adopted_sign_in(self.store))

    def in_force(self) -> None:
        """Where people sign in, policy and rights hold once they were adopted, and nobody outlasts their token.

        Raises `Refused` when a file is another than was adopted, or the token of who is signed in has ended.
        """
        from signoff.graph.adopting import unadopted
        from signoff.graph.signing_in import SignIns

        if session := self.store.events.session:
            SignIns(self.store, session.os_user, lambda: dt.datetime.now(dt.UTC)).still_in(session)
        if self.sign_in_required and (changed := unadopted(self.store, self.loaded.hash, self.access.digest)):
            raise Refused(
                f"{' and '.join(changed)} in {self.root} {'was' if len(changed) == 1 else 'were'} changed and not adopted; restore the "
                "file, or have somebody who may run: signoff access adopt --as PERSON"
            )


def done(services: Services, work: Coroutine[Any, Any, T]) -> T:
    """Run the work to its end; connections to a model end with it."""
    import asyncio

    return asyncio.run(finished(services, work))


async def finished(services: Services, work: Coroutine[Any, Any, T]) -> T:
    """The same within an event loop that runs."""
    try:
        return await work
    finally:
        if services.crew:
            await services.crew.rest()


@contextmanager
def opened(root: Path | None) -> Iterator[Workspace]:
    """The workspace in a folder (default: the settings'). Raises `BadInput` when there is none."""
    settings = load_settings()
    root = root or settings.workspace
    if not (root / "policy.yaml").exists():
        raise BadInput(f"{root} is no workspace; make one with: signoff init {root}")
    store = open_store(place_of(root, settings), key_of(root, settings))
    try:
        yield Workspace(root, settings, store)
    finally:
        store.close()


def place_of(root: Path, settings: Settings) -> Place:
    """Where the workspace's store stands. Raises `BadInput` when it was moved to a server and nothing says where that is."""
    if settings.store:
        return settings.store.get_secret_value()
    if (root / MOVED).exists():
        told = (root / MOVED).read_text(encoding="utf-8").strip()
        raise BadInput(f"The store of {root} was moved to {told}; set SIGNOFF_STORE to that address, with its user and password.")
    return root / "signoff.db"


def key_of(root: Path, settings: Settings) -> bytes:
    path = settings.audit_key_file or root / "audit.key"
    if not path.exists():
        raise BadInput(f"The audit key {path} is missing; restore it, the record cannot be continued or verified without it.")
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise BadInput(f"The audit key {path} is no longer the one that was made; restore it from a backup.") from error
