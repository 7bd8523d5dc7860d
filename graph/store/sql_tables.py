"""The tables of a store behind one connection, for every database that speaks SQL."""

from __future__ import annotations

from signoff.graph.store.port import (
    Agreements,
    Autonomy,
    Calls,
    Cases,
    Credentials,
    Dossiers,
    Events,
    Figures,
    Jobs,
    Layouts,
    Masters,
    Notices,
    Past,
    Postings,
    Tasks,
)
from signoff.graph.store.sql import Connection
from signoff.graph.store.sql_agreements import SqlAgreements
from signoff.graph.store.sql_audit import SqlEvents, SqlPostings
from signoff.graph.store.sql_autonomy import SqlAutonomy
from signoff.graph.store.sql_calls import SqlCalls
from signoff.graph.store.sql_cases import SqlCases
from signoff.graph.store.sql_credentials import SqlCredentials
from signoff.graph.store.sql_dossiers import SqlDossiers
from signoff.graph.store.sql_figures import SqlFigures
from signoff.graph.store.sql_jobs import SqlJobs
from signoff.graph.store.sql_layouts import SqlLayouts
from signoff.graph.store.sql_masters import SqlMasters
from signoff.graph.store.sql_past import SqlPast
from signoff.graph.store.sql_tasks import SqlNotices, SqlTasks


class Tables:
    """Everything that a `Store` has but its transactions. `key` is the secret of the audit chain."""

    def __init__(self, connection: Connection, key: bytes) -> None:
        self.cases: Cases = SqlCases(connection)
        self.tasks: Tasks = SqlTasks(connection)
        self.jobs: Jobs = SqlJobs(connection)
        self.events: Events = SqlEvents(connection, key)
        self.postings: Postings = SqlPostings(connection)
        self.masters: Masters = SqlMasters(connection)
        self.past: Past = SqlPast(connection)
        self.layouts: Layouts = SqlLayouts(connection)
        self.calls: Calls = SqlCalls(connection)
        self.agreements: Agreements = SqlAgreements(connection)
        self.credentials: Credentials = SqlCredentials(connection)
        self.notices: Notices = SqlNotices(connection)
        self.dossiers: Dossiers = SqlDossiers(connection)
        self.autonomy: Autonomy = SqlAutonomy(connection, key)
        self.figures: Figures = SqlFigures(connection)
