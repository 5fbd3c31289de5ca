-- The register of low-income households (低收入人口库), in the order in which it was imported.
CREATE TABLE household (
    household_id TEXT PRIMARY KEY NOT NULL CHECK (household_id <> ''),
    division TEXT NOT NULL DEFAULT '',
    settlement TEXT NOT NULL DEFAULT '',
    category TEXT NOT NULL DEFAULT '',
    income_per_capita INTEGER CHECK (income_per_capita >= 0), -- fen a month
    enrolled_on TEXT, -- ISO 8601
    size INTEGER NOT NULL DEFAULT 0 CHECK (size >= 0),
    position INTEGER NOT NULL UNIQUE
);
CREATE INDEX household_by_division ON household (division, household_id);

CREATE TABLE person (
    person_id TEXT PRIMARY KEY NOT NULL CHECK (person_id <> ''),
    household_id TEXT NOT NULL REFERENCES household (household_id) DEFERRABLE INITIALLY DEFERRED,
    id_number TEXT CHECK (length(id_number) = 18), -- NULL where absent or wrong; not unique: the register may be wrong
    name TEXT NOT NULL DEFAULT '',
    sex TEXT NOT NULL DEFAULT '',
    birth_date TEXT, -- ISO 8601
    relation TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL UNIQUE
);
CREATE INDEX person_by_household ON person (household_id, position);
CREATE INDEX person_by_id_number ON person (id_number);

-- Every file that was taken in: the register's two and the departments' extracts.
CREATE TABLE import (
    import_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('register', 'feed')),
    file TEXT NOT NULL, -- the name it came with
    feed TEXT, -- the feed kind, NULL for the register
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    rows INTEGER, -- data rows, where known
    imported_at TEXT NOT NULL, -- ISO 8601 with zone
    imported_through TEXT NOT NULL CHECK (imported_through IN ('page', 'command')),
    replaced_at TEXT -- set when a later file of this name took its place, or it was removed
);
CREATE UNIQUE INDEX import_current_file ON import (file) WHERE replaced_at IS NULL;

CREATE TABLE registry_problem (
    import_id INTEGER NOT NULL REFERENCES import (import_id),
    number INTEGER NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    reason TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (import_id, number)
) WITHOUT ROWID;

CREATE TABLE run (
    run_id INTEGER PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'stopped')),
    as_of TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    rules_sha256 TEXT NOT NULL,
    requested_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    phase TEXT NOT NULL DEFAULT '',
    done_units INTEGER NOT NULL DEFAULT 0,
    total_units INTEGER NOT NULL DEFAULT 0,
    failure TEXT, -- what went wrong, in words for the operator, in Chinese
    failure_en TEXT, -- the same in English
    households INTEGER, -- monitored 监测
    persons INTEGER,
    covered INTEGER, -- persons in households of a rescue category (all but 'monitored') 覆盖
    opened INTEGER,
    updated INTEGER,
    cleared INTEGER,
    reopened INTEGER,
    unchanged INTEGER,
    report TEXT -- report.json
);

CREATE TABLE run_file (
    run_id INTEGER NOT NULL REFERENCES run (run_id),
    file TEXT NOT NULL,
    feed TEXT NOT NULL,
    rows INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    unmatched INTEGER NOT NULL,
    conflict INTEGER NOT NULL,
    duplicate INTEGER NOT NULL,
    matched INTEGER NOT NULL,
    PRIMARY KEY (run_id, file),
    CHECK (rows = rejected + unmatched + conflict + duplicate + matched)
) WITHOUT ROWID;

-- The trend: alerts found by a run, for each division (prefix of 2, 4, 6 or 9 digits; the empty prefix counts every
-- alert, those without a readable division too), direction and tier.
CREATE TABLE run_figure (
    run_id INTEGER NOT NULL REFERENCES run (run_id),
    division TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('support', 'review')),
    tier TEXT NOT NULL CHECK (tier IN ('red', 'orange', 'yellow')),
    alerts INTEGER NOT NULL,
    PRIMARY KEY (run_id, division, direction, tier)
) WITHOUT ROWID;

-- The same for the people: monitored and covered, for each division prefix.
CREATE TABLE run_population (
    run_id INTEGER NOT NULL REFERENCES run (run_id),
    division TEXT NOT NULL,
    households INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    covered INTEGER NOT NULL,
    PRIMARY KEY (run_id, division)
) WITHOUT ROWID;

CREATE TABLE alert (
    alert_id INTEGER PRIMARY KEY,
    household_id TEXT NOT NULL, -- no foreign key: an alert outlives a household that leaves the register
    division TEXT NOT NULL,
    direction TEXT NOT NULL CHECK (direction IN ('support', 'review')),
    state TEXT NOT NULL CHECK (state IN ('open', 'cleared', 'closed')),
    tier TEXT NOT NULL CHECK (tier IN ('red', 'orange', 'yellow')),
    points INTEGER NOT NULL CHECK (points BETWEEN 1 AND 100),
    opened_at TEXT NOT NULL,
    opened_run INTEGER NOT NULL REFERENCES run (run_id),
    changed_at TEXT NOT NULL,
    changed_run INTEGER NOT NULL REFERENCES run (run_id)
);
CREATE UNIQUE INDEX alert_not_closed ON alert (household_id, direction) WHERE state <> 'closed';
CREATE INDEX alert_by_points ON alert (state, direction, points DESC, household_id);
CREATE INDEX alert_by_division ON alert (division, state, direction, tier);

CREATE TABLE alert_signal (
    alert_id INTEGER NOT NULL REFERENCES alert (alert_id),
    indicator TEXT NOT NULL,
    subject TEXT NOT NULL, -- household_id or person_id
    points INTEGER NOT NULL,
    facts TEXT NOT NULL, -- JSON object, as in alerts.jsonl
    PRIMARY KEY (alert_id, indicator, subject)
) WITHOUT ROWID;
CREATE INDEX alert_signal_by_indicator ON alert_signal (indicator, alert_id);

-- Append-only: what runs and people did to an alert.
CREATE TABLE alert_change (
    alert_id INTEGER NOT NULL REFERENCES alert (alert_id),
    number INTEGER NOT NULL,
    run_id INTEGER REFERENCES run (run_id), -- NULL where a person did it
    changed_at TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('opened', 'updated', 'cleared', 'reopened', 'closed')),
    tier TEXT NOT NULL,
    points INTEGER NOT NULL,
    signals TEXT NOT NULL, -- JSON array, as in alerts.jsonl
    note TEXT,
    PRIMARY KEY (alert_id, number)
) WITHOUT ROWID;

-- The matched rows of the last run, one row a household: a JSON array of
-- {"person","feed","file","line","date","key":{field:text},"values":{field:value},"facts":[names of the facts that took it in]}.
-- Not WITHOUT ROWID: rows are longer than a quarter of a page, and such a table would move them all to overflow pages.
CREATE TABLE evidence (
    household_id TEXT PRIMARY KEY NOT NULL,
    run_id INTEGER NOT NULL,
    rows TEXT NOT NULL
);
