-- Background work. Times are milliseconds since 1970.
CREATE TABLE job (
    job_id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    parameters TEXT NOT NULL, -- JSON
    open_key TEXT, -- one queued or running job of a kind
    slot TEXT, -- one job of a kind for ever
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    phase TEXT NOT NULL DEFAULT '',
    done_units BIGINT NOT NULL DEFAULT 0,
    total_units BIGINT NOT NULL DEFAULT 0,
    attempt BIGINT NOT NULL DEFAULT 0,
    lease_holder TEXT,
    lease_until BIGINT,
    stops BOOLEAN NOT NULL DEFAULT FALSE, -- someone asked it to stop
    checkpoint TEXT, -- JSON
    result TEXT, -- JSON
    failure_zh TEXT,
    failure_en TEXT,
    requested_by TEXT NOT NULL,
    requester TEXT NOT NULL, -- the name at the time
    requested_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
CREATE UNIQUE INDEX job_open_once ON job (kind, open_key) WHERE open_key IS NOT NULL AND state IN ('queued', 'running');
CREATE UNIQUE INDEX job_slot_once ON job (kind, slot) WHERE slot IS NOT NULL;
CREATE INDEX job_by_due ON job (kind, state, due_at);
CREATE INDEX job_by_time ON job (requested_at);
