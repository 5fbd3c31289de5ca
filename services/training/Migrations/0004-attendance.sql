-- Who was there (考勤), by session. Minutes are counted since 1970-01-01 00:00 in Beijing, moments are ISO 8601 in UTC.
CREATE TABLE attendance (
    session_id BIGINT NOT NULL REFERENCES class_session (session_id),
    enrollment_id BIGINT NOT NULL REFERENCES enrollment (enrollment_id),
    class_id BIGINT NOT NULL REFERENCES training_class (class_id),
    state TEXT NOT NULL CHECK (state IN ('present', 'late', 'leave', 'absent', 'made-up')),
    source TEXT NOT NULL CHECK (source IN ('code', 'teacher', 'sheet')),
    marked_at TEXT NOT NULL,
    is_marked_late BIGINT NOT NULL DEFAULT 0 CHECK (is_marked_late IN (0, 1)), -- entered after the session's day
    device_digest BYTEA, -- SHA-256 of the device's secret; stays when a teacher changes what a code had said
    checked_in_at TEXT, -- when a code was used, where a teacher has changed the state since
    reason TEXT NOT NULL DEFAULT '',
    marked_by TEXT NOT NULL DEFAULT '', -- account
    PRIMARY KEY (session_id, enrollment_id),
    CHECK (state <> 'made-up' OR reason <> ''),
    CHECK (source <> 'code' OR device_digest IS NOT NULL)
);
CREATE INDEX attendance_by_enrollment ON attendance (enrollment_id, state);
CREATE INDEX attendance_by_class ON attendance (class_id, session_id);

-- A session's list from its first look to its closing; whoever is not on it then is absent.
CREATE TABLE attendance_list (
    session_id BIGINT PRIMARY KEY NOT NULL REFERENCES class_session (session_id),
    secret_sealed BYTEA NOT NULL, -- 32 bytes from which the codes are derived
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    closed_at TEXT,
    closed_by TEXT,
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);

-- Where codes were shown, once a minute: evidence of a teacher in two places.
CREATE TABLE code_showing (
    account TEXT NOT NULL,
    minute BIGINT NOT NULL,
    session_id BIGINT NOT NULL REFERENCES class_session (session_id),
    network BYTEA NOT NULL, -- a digest of the address that asked; empty where it is not known
    PRIMARY KEY (account, minute, session_id, network)
);
CREATE INDEX showing_by_session ON code_showing (session_id, minute);

-- Sheets that were taken in: the same file does nothing twice.
CREATE TABLE attendance_sheet (
    session_id BIGINT NOT NULL REFERENCES class_session (session_id),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    row_count BIGINT NOT NULL,
    taken_at TEXT NOT NULL,
    taken_by TEXT NOT NULL,
    PRIMARY KEY (session_id, sha256)
);

-- What an inspector found of a signal. Signals themselves are computed from the tables above and change nothing.
CREATE TABLE signal_finding (
    session_id BIGINT NOT NULL REFERENCES class_session (session_id),
    kind TEXT NOT NULL CHECK (kind IN ('one-device', 'same-second', 'two-places', 'marked-late')),
    place TEXT NOT NULL, -- what it is about within the session: a device, a second, an account
    weight BIGINT NOT NULL, -- how many entries it rested on; more of them later open it again
    evidence TEXT NOT NULL, -- as the inspector saw it
    outcome TEXT NOT NULL CHECK (outcome IN ('fine', 'follow')),
    note TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (session_id, kind, place)
);
