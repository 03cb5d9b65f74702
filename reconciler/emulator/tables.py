"""The tables of the database and their indexes, and what makes those of an older format out of an older file."""

from collections.abc import Mapping
from typing import Final

FORMAT: Final = 3

CERTIFICATES: Final = """CREATE TABLE certificates (account TEXT, id TEXT, integration INTEGER, employee INTEGER,
  role INTEGER, pem TEXT, algorithm TEXT, created INTEGER, valid_from INTEGER, valid_until INTEGER, revoked INTEGER,
  PRIMARY KEY (account, id));
"""
# A token shows the name of its application for good, also when the record is gone.
AUTHORIZATION: Final = """CREATE TABLE request_tokens (token TEXT PRIMARY KEY, account TEXT, secret TEXT,
  integration INTEGER, callback TEXT, wanted_role INTEGER, created INTEGER, employee INTEGER, role INTEGER,
  verifier TEXT);
CREATE TABLE removed_integrations (account TEXT, id INTEGER, name TEXT, PRIMARY KEY (account, id));
CREATE VIEW application_names AS SELECT account, id, name FROM integrations
  UNION ALL SELECT account, id, name FROM removed_integrations;
"""
# Fields of the employee record beyond those that tell who may log in.
EMPLOYEE_COLUMNS: Final = (
    "salutation TEXT", "middlename TEXT", "initials TEXT", "jobdescription TEXT", "phone TEXT", "officephone TEXT",
    "mobilephone TEXT", "homephone TEXT", "fax TEXT", "comments TEXT", "accountnumber TEXT", "hiredate TEXT",
    "releasedate TEXT", "lastreviewdate TEXT", "nextreviewdate TEXT", "laborcost REAL", "expenselimit REAL",
    "purchaseorderlimit REAL", "globalsubscriptionstatus INTEGER", "department INTEGER", "class INTEGER",
    "location INTEGER", "approver INTEGER", "issalesrep INTEGER NOT NULL DEFAULT 0",
    "issupportrep INTEGER NOT NULL DEFAULT 0", "isjobresource INTEGER NOT NULL DEFAULT 0",
    "isjobmanager INTEGER NOT NULL DEFAULT 0", "subsidiary INTEGER NOT NULL DEFAULT 1",
)  # fmt: skip
_MORE_COLUMNS: Final = ", ".join(EMPLOYEE_COLUMNS)
# By these employees are looked up: the record service's filters, its external ids and its check of names; and lists
# are read page by page, and found names by their beginning.
INDEXES: Final = """CREATE INDEX employees_by_email ON employees (account, email COLLATE NOCASE);
CREATE INDEX employees_by_external_id ON employees (account, external_id COLLATE NOCASE);
CREATE INDEX employees_by_name ON employees (account, entityid COLLATE NOCASE, id);
CREATE INDEX employees_by_state ON employees (account, active, entityid COLLATE NOCASE, id);
CREATE INDEX employees_by_access ON employees (account, access, active, entityid COLLATE NOCASE, id);
CREATE INDEX employees_by_last_name ON employees (account, lastname COLLATE NOCASE);
CREATE INDEX system_notes_by_record ON system_notes (account, record_type, record_id);
CREATE INDEX access_history_by_employee ON access_history (account, employee);
"""
# What queries look for, and in the order that they page by. lower() is SQLite's own, which knows ASCII only.
QUERY_INDEXES: Final = """CREATE INDEX login_audit_by_application ON login_audit (account, application, at);
CREATE INDEX login_audit_by_employee ON login_audit (account, employee, at);
CREATE INDEX system_notes_by_time ON system_notes (account, at);
CREATE INDEX system_notes_by_account ON system_notes (account);
CREATE INDEX transactions_by_time ON transactions (account, created);
CREATE INDEX transactions_by_number ON transactions (account, tranid);
CREATE INDEX employees_by_lower_email ON employees (account, lower(email));
CREATE INDEX employees_by_entityid ON employees (account, entityid);
CREATE INDEX employees_by_exact_external_id ON employees (account, external_id);
CREATE INDEX grants_by_role ON grants (account, role, employee);
"""
# What ANALYZE would find in a large account, so that a plan never depends on when somebody ran it: the rows of the
# table, and how many of them share the first column of the index, the first two, and so on. Without such figures SQLite
# takes every index for equally good, and walks through a whole account to find one e-mail.
STATISTICS: Final = """ANALYZE settings;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
 ('employees', 'sqlite_autoindex_employees_1', '100000 100000 1'),
 ('employees', 'employees_by_email', '100000 100000 1'),
 ('employees', 'employees_by_lower_email', '100000 100000 1'),
 ('employees', 'employees_by_name', '100000 100000 1 1'),
 ('employees', 'employees_by_entityid', '100000 100000 1'),
 ('employees', 'employees_by_state', '100000 100000 50000 1 1'),
 ('employees', 'employees_by_access', '100000 100000 50000 25000 1 1'),
 ('employees', 'employees_by_last_name', '100000 100000 100'),
 ('employees', 'employees_by_external_id', '100000 100000 1'),
 ('employees', 'employees_by_exact_external_id', '100000 100000 1'),
 ('grants', 'sqlite_autoindex_grants_1', '200000 200000 2 1'),
 ('grants', 'grants_by_role', '200000 200000 2000 1'),
 ('login_audit', 'login_audit_by_time', '1000000 1000000 2'),
 ('login_audit', 'login_audit_by_application', '1000000 1000000 250000 2'),
 ('login_audit', 'login_audit_by_employee', '1000000 1000000 25000 2'),
 ('system_notes', 'system_notes_by_account', '200000 200000'),
 ('system_notes', 'system_notes_by_time', '200000 200000 2'),
 ('system_notes', 'system_notes_by_record', '200000 200000 100000 2'),
 ('access_history', 'access_history_by_employee', '200000 200000 2'),
 ('transactions', 'sqlite_autoindex_transactions_1', '100000 100000 1'),
 ('transactions', 'transactions_by_time', '100000 100000 2'),
 ('transactions', 'transactions_by_number', '100000 100000 1');
ANALYZE sqlite_master;
"""
CLASSIFICATIONS: Final = """CREATE TABLE classifications (account TEXT, kind TEXT, id INTEGER, name TEXT,
  PRIMARY KEY (account, kind, id));
"""
# What makes a database of an older format one of the next; what was in it stays.
UPGRADES: Final[Mapping[int, str]] = {
    1: """ALTER TABLE integrations ADD COLUMN client_id TEXT;
ALTER TABLE integrations ADD COLUMN client_credentials INTEGER;
UPDATE integrations SET client_id = consumer_key, client_credentials = 0;
"""
    + CERTIFICATES,
    2: "".join(
        (
            "ALTER TABLE integrations ADD COLUMN callback_url TEXT;\n",
            "ALTER TABLE integrations ADD COLUMN authorization_flow INTEGER;\n",
            "ALTER TABLE integrations ADD COLUMN installed INTEGER;\n",
            "ALTER TABLE integrations ADD COLUMN concurrency INTEGER;\n",
            "ALTER TABLE integrations ADD COLUMN note TEXT;\n",
            "ALTER TABLE connectors ADD COLUMN account_id TEXT;\n",
            "UPDATE integrations SET callback_url = '', authorization_flow = 0, concurrency = 0;\n",
            # The record of the Connector always comes with its SuiteApp or bundle.
            "UPDATE integrations SET installed = name IN ('NetSuite Connector', 'FarApp');\n",
            AUTHORIZATION,
            *(f"ALTER TABLE employees ADD COLUMN {column};\n" for column in EMPLOYEE_COLUMNS),
            # What is empty was an empty text here and there.
            "UPDATE employees SET firstname = NULLIF(firstname, '');\n",
            "UPDATE employees SET lastname = NULLIF(lastname, '');\n",
            "UPDATE employees SET title = NULLIF(title, '');\n",
            CLASSIFICATIONS,
            INDEXES,
            QUERY_INDEXES,
            STATISTICS,
        )
    ),
}
# Times are whole seconds since 1970 in UTC; flags are 0 or 1.
TABLES: Final = f"""
CREATE TABLE accounts (id TEXT PRIMARY KEY, name TEXT NOT NULL, time_zone TEXT NOT NULL, features TEXT NOT NULL);
CREATE TABLE roles (account TEXT, id INTEGER, name TEXT, scriptid TEXT, inactive INTEGER, center_type TEXT,
  web_services_only INTEGER, cross_subsidiary INTEGER, subsidiary_option TEXT, PRIMARY KEY (account, id));
CREATE TABLE permissions (account TEXT, role INTEGER, key TEXT, level INTEGER, PRIMARY KEY (account, role, key));
CREATE TABLE employees (account TEXT, id INTEGER, entityid TEXT, firstname TEXT, lastname TEXT, email TEXT, title TEXT,
  external_id TEXT, active INTEGER, access INTEGER, time_zone TEXT, supervisor INTEGER, created INTEGER,
  modified INTEGER, {_MORE_COLUMNS}, PRIMARY KEY (account, id));
{CLASSIFICATIONS}
CREATE TABLE grants (account TEXT, employee INTEGER, role INTEGER, PRIMARY KEY (account, employee, role));
CREATE TABLE integrations (account TEXT, id INTEGER, name TEXT, state TEXT, consumer_key TEXT, consumer_secret TEXT,
  created INTEGER, client_id TEXT, client_credentials INTEGER, callback_url TEXT, authorization_flow INTEGER,
  installed INTEGER, concurrency INTEGER, note TEXT, PRIMARY KEY (account, id));
CREATE TABLE tokens (account TEXT, id INTEGER, name TEXT, integration INTEGER, employee INTEGER, role INTEGER,
  created INTEGER, created_by INTEGER, inactive INTEGER, revoked INTEGER, token_id TEXT, token_secret TEXT,
  PRIMARY KEY (account, id));
CREATE UNIQUE INDEX tokens_by_token_id ON tokens (account, token_id);
{CERTIFICATES}{AUTHORIZATION}CREATE TABLE nonces (account TEXT, token_id TEXT, timestamp INTEGER, nonce TEXT,
  PRIMARY KEY (account, token_id, timestamp, nonce));
CREATE TABLE login_audit (id INTEGER PRIMARY KEY, account TEXT, at INTEGER, status TEXT, application TEXT, token TEXT,
  employee INTEGER, role INTEGER, email TEXT, address TEXT, request_uri TEXT, detail TEXT, user_agent TEXT);
CREATE INDEX login_audit_by_time ON login_audit (account, at);
CREATE TABLE system_notes (id INTEGER PRIMARY KEY, account TEXT, at INTEGER, record_type INTEGER, record_id INTEGER,
  record TEXT, field TEXT, type INTEGER, name INTEGER, role INTEGER, context TEXT, old TEXT, new TEXT);
CREATE TABLE transactions (account TEXT, id INTEGER, tranid TEXT, type TEXT, record_type TEXT, status TEXT,
  created INTEGER, created_by INTEGER, modified INTEGER, modified_by INTEGER, entity INTEGER, memo TEXT,
  PRIMARY KEY (account, id));
CREATE TABLE access_history (account TEXT, at INTEGER, employee INTEGER, actor INTEGER, description TEXT);
CREATE TABLE logins (account TEXT, employee INTEGER, role INTEGER, integration INTEGER, token INTEGER,
  is_default INTEGER);
CREATE TABLE connectors (account TEXT, application TEXT, token_id TEXT, token_secret TEXT,
  account_id TEXT, PRIMARY KEY (account, application));
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT);
{INDEXES}{QUERY_INDEXES}{STATISTICS}"""
