"""The SQLite schema as numbered migrations. A released migration is never edited; add the next one."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("signoff")

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


@migrations()
def m0001_first(db: Database) -> None:
    _run(db, M0001)


@migrations()
def m0002_layouts(db: Database) -> None:
    _run(db, M0002)


def _run(db: Database, script: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
