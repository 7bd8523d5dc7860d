"""The SQLite schema as numbered migrations. A released migration is never edited; add the next one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

SET = "signoff"

M0001 = """
CREATE TABLE cases (
  number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, member TEXT NOT NULL, part INTEGER NOT NULL,
  file_sha256 TEXT NOT NULL, sha256 TEXT NOT NULL, format TEXT NOT NULL, lane TEXT, state TEXT NOT NULL, reason TEXT,
  revision INTEGER NOT NULL DEFAULT 0, vendor_id TEXT, contract_id TEXT, order_number TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL, duration_ms INTEGER NOT NULL DEFAULT 0,
  UNIQUE (source, file_sha256, part));
CREATE INDEX cases_sha ON cases (sha256, part);

CREATE TABLE steps (
  case_number INTEGER NOT NULL REFERENCES cases, revision INTEGER NOT NULL, step TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (case_number, revision, step)) WITHOUT ROWID;

CREATE TABLE tasks (
  task_id INTEGER PRIMARY KEY AUTOINCREMENT, case_number INTEGER NOT NULL REFERENCES cases, revision INTEGER NOT NULL,
  gate TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, candidates TEXT NOT NULL, needs_all INTEGER NOT NULL,
  summary TEXT NOT NULL, status TEXT NOT NULL, version INTEGER NOT NULL, answered_by TEXT, decision TEXT, note TEXT,
  created_at TEXT NOT NULL, answered_at TEXT);
CREATE INDEX tasks_case ON tasks (case_number);
CREATE INDEX tasks_gate ON tasks (gate);
CREATE INDEX tasks_open ON tasks (status) WHERE status = 'open';

CREATE TABLE jobs (
  job_id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, case_number INTEGER NOT NULL REFERENCES cases,
  kind TEXT NOT NULL, status TEXT NOT NULL, owner TEXT, attempts INTEGER NOT NULL DEFAULT 0, error TEXT);
CREATE INDEX jobs_open ON jobs (status, job_id) WHERE status IN ('queued', 'running');

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, case_number INTEGER, at TEXT NOT NULL, type TEXT NOT NULL, actor TEXT NOT NULL,
  body TEXT NOT NULL, prev TEXT NOT NULL, mac TEXT NOT NULL);
CREATE INDEX events_case ON events (case_number);
CREATE TRIGGER events_keep_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_keep_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TABLE outbox (
  key TEXT PRIMARY KEY, case_number INTEGER NOT NULL REFERENCES cases, action TEXT NOT NULL, erp TEXT NOT NULL,
  erp_id TEXT, status TEXT NOT NULL);
CREATE INDEX outbox_case ON outbox (case_number);

CREATE TABLE vendors (vendor_id TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE people (person_id TEXT PRIMARY KEY, position INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE contracts (contract_id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE policies (hash TEXT PRIMARY KEY, body TEXT NOT NULL);

CREATE TABLE orders (
  id INTEGER PRIMARY KEY AUTOINCREMENT, case_number INTEGER UNIQUE REFERENCES cases, vendor_id TEXT, number_key TEXT,
  content TEXT NOT NULL, issue_date TEXT, requester TEXT, cost_center TEXT, contract_id TEXT, body TEXT NOT NULL);
CREATE INDEX orders_number ON orders (vendor_id, number_key);
CREATE INDEX orders_content ON orders (vendor_id, content, issue_date);
CREATE INDEX orders_requester ON orders (vendor_id, requester, issue_date);
CREATE INDEX orders_cost_center ON orders (vendor_id, cost_center, issue_date);
CREATE TABLE prices (
  vendor_id TEXT NOT NULL, item_key TEXT NOT NULL, issue_date TEXT NOT NULL, case_number INTEGER, body TEXT NOT NULL);
CREATE INDEX prices_item ON prices (vendor_id, item_key, issue_date);
CREATE TABLE totals (scope TEXT PRIMARY KEY, amount TEXT NOT NULL) WITHOUT ROWID;
"""


M0002 = """
CREATE TABLE layouts (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
"""


M0003 = """
CREATE TABLE model_calls (
  number INTEGER PRIMARY KEY AUTOINCREMENT, case_number INTEGER REFERENCES cases, conversation TEXT,
  trace_id TEXT, span_id TEXT, body TEXT NOT NULL, input_hash TEXT NOT NULL AS (body ->> '$.input_hash') STORED,
  agent TEXT NOT NULL AS (body ->> '$.call.question.agent') STORED,
  prompt_hash TEXT NOT NULL AS (body ->> '$.call.question.prompt_hash') STORED,
  gen_ai_prompt_name TEXT AS (body ->> '$.call.question.prompt_name') STORED,
  gen_ai_provider_name TEXT AS (body ->> '$.call.provider') STORED,
  gen_ai_request_model TEXT AS (body ->> '$.call.requested_model') STORED,
  gen_ai_response_model TEXT AS (body ->> '$.call.reply.model') STORED,
  gen_ai_usage_input_tokens INTEGER AS (body ->> '$.call.reply.usage.input_tokens') STORED,
  gen_ai_usage_output_tokens INTEGER AS (body ->> '$.call.reply.usage.output_tokens') STORED,
  cost TEXT AS (body ->> '$.call.reply.cost') STORED,
  latency_ms INTEGER AS (body ->> '$.call.reply.latency_ms') STORED,
  attempts INTEGER AS (body ->> '$.call.reply.attempts') STORED,
  failure TEXT AS (body ->> '$.call.failure') STORED,
  at TEXT AS (body ->> '$.call.at') STORED);
CREATE INDEX model_calls_case ON model_calls (case_number, input_hash);
CREATE INDEX model_calls_conversation ON model_calls (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE tool_calls (
  number INTEGER PRIMARY KEY AUTOINCREMENT, case_number INTEGER REFERENCES cases, conversation TEXT, body TEXT NOT NULL,
  agent TEXT NOT NULL AS (body ->> '$.agent') STORED,
  turn INTEGER NOT NULL AS (body ->> '$.turn') STORED,
  gen_ai_tool_name TEXT AS (body ->> '$.name') STORED,
  outcome TEXT AS (body ->> '$.outcome') STORED,
  at TEXT AS (body ->> '$.at') STORED);
CREATE INDEX tool_calls_case ON tool_calls (case_number);
CREATE INDEX tool_calls_conversation ON tool_calls (conversation) WHERE conversation IS NOT NULL;

CREATE TABLE conversations (
  conversation TEXT NOT NULL, seq INTEGER NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (conversation, seq)) WITHOUT ROWID;
CREATE INDEX conversations_person ON conversations (person);

CREATE TABLE masters_kept (kind TEXT NOT NULL, digest TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, digest)) WITHOUT ROWID;
"""


M0004 = """
CREATE TABLE agreements (
  number INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE, status TEXT NOT NULL, body TEXT NOT NULL);

CREATE TABLE contracts_held (contract_id TEXT PRIMARY KEY, vendor_id TEXT NOT NULL, sha256 TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE clauses (
  id INTEGER PRIMARY KEY, owner TEXT NOT NULL, paper TEXT NOT NULL, number TEXT, heading TEXT NOT NULL, page INTEGER, text TEXT NOT NULL);
CREATE INDEX clauses_owner ON clauses (owner);
CREATE VIRTUAL TABLE clauses_words USING fts5(
  text, heading, content='clauses', content_rowid='id', tokenize="unicode61 remove_diacritics 2");
CREATE TRIGGER clauses_added AFTER INSERT ON clauses
BEGIN INSERT INTO clauses_words(rowid, text, heading) VALUES (new.id, new.text, new.heading); END;
CREATE TRIGGER clauses_gone AFTER DELETE ON clauses
BEGIN INSERT INTO clauses_words(clauses_words, rowid, text, heading) VALUES ('delete', old.id, old.text, old.heading); END;
"""


M0005 = """
CREATE TABLE passwords (person_id TEXT PRIMARY KEY, hash TEXT NOT NULL, set_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tokens (
  number INTEGER PRIMARY KEY AUTOINCREMENT, person_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL,
  made_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT);
CREATE TABLE tries (person_id TEXT PRIMARY KEY, failed INTEGER NOT NULL, last_at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE adopted (kind TEXT PRIMARY KEY, digest TEXT NOT NULL, person_id TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
"""


M0006 = """
ALTER TABLE tasks ADD COLUMN standing TEXT NOT NULL DEFAULT '{}';
CREATE TABLE notices (
  number INTEGER PRIMARY KEY AUTOINCREMENT, case_number INTEGER NOT NULL REFERENCES cases, person_id TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, at TEXT NOT NULL, sent_at TEXT);
CREATE INDEX notices_unsent ON notices (number) WHERE sent_at IS NULL;
"""


M0007 = """
ALTER TABLE orders ADD COLUMN about_key TEXT;
ALTER TABLE orders ADD COLUMN standing TEXT NOT NULL DEFAULT 'counts';
CREATE INDEX orders_about ON orders (vendor_id, about_key);
CREATE INDEX orders_asked ON orders (requester, cost_center, issue_date);
DROP INDEX orders_content;
CREATE TABLE order_lines (
  order_id INTEGER NOT NULL REFERENCES orders (id), position INTEGER NOT NULL, vendor_id TEXT, line_key TEXT, issue_date TEXT,
  body TEXT NOT NULL, PRIMARY KEY (order_id, position)) WITHOUT ROWID;
CREATE INDEX order_lines_alike ON order_lines (vendor_id, line_key, issue_date);
CREATE TABLE commitments (order_id INTEGER NOT NULL, of_order INTEGER NOT NULL, scope TEXT NOT NULL, amount TEXT NOT NULL);
CREATE INDEX commitments_order ON commitments (order_id);
CREATE INDEX commitments_of ON commitments (of_order);
"""


M0008 = """
ALTER TABLE tasks ADD COLUMN on_behalf_of TEXT;
"""


M0009 = """
CREATE INDEX cases_state ON cases (state, number);
"""


M0010 = """
CREATE TABLE earned (kind TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, number)) WITHOUT ROWID;
CREATE TABLE samples (
  case_number INTEGER NOT NULL, revision INTEGER NOT NULL, certificate INTEGER, drawn_at TEXT NOT NULL, judged_by TEXT, judged_at TEXT,
  wrong INTEGER, note TEXT NOT NULL, PRIMARY KEY (case_number, revision)) WITHOUT ROWID;
CREATE INDEX samples_open ON samples (judged_by, drawn_at);
"""


M0011 = """
ALTER TABLE jobs ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN reached INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN delays INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_case ON jobs (case_number) WHERE status IN ('queued', 'running');
CREATE INDEX jobs_aside ON jobs (status) WHERE status = 'set_aside';
"""


M0012 = """
CREATE TABLE turns (name TEXT PRIMARY KEY, next_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX outbox_pending ON outbox (status) WHERE status = 'pending';
CREATE INDEX model_calls_at ON model_calls (at, cost);
"""


SCRIPTS = {
    "m0001_first": M0001, "m0002_layouts": M0002, "m0003_calls": M0003, "m0004_agreements": M0004, "m0005_credentials": M0005,
    "m0006_standing": M0006,
    "m0007_drawn": M0007,
    "m0008_on_behalf_of": M0008,
    "m0009_states": M0009,
    "m0010_autonomy": M0010,
    "m0011_leases": M0011,
    "m0012_turns": M0012,
}  # fmt: skip


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the schema up to date. sqlite_utils takes a quarter of the start of a command, and is loaded where something is to be done."""
    if up_to_date(connection):
        return
    from sqlite_utils import Database
    from sqlite_utils.migrations import Migrations

    migrations = Migrations(SET)
    for name, script in SCRIPTS.items():
        migrations(name=name)(_run(script))
    migrations.apply(Database(connection))


def up_to_date(connection: sqlite3.Connection) -> bool:
    """Whether the schema is this version's, or a later one's."""
    return _applied(connection) >= SCRIPTS.keys()


def _applied(connection: sqlite3.Connection) -> set[str]:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return set()
    return {name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,))}


def _run(script: str) -> Callable[[Database], None]:
    def run(db: Database) -> None:
        for statement in script.split(";\n"):
            if statement.strip():
                db.execute(statement)

    return run
