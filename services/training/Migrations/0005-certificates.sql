-- What learners achieved: results, and the certificates that prove it.
-- What must be reached in theory and in practice; 600 in both where a program has no row.
CREATE TABLE pass_mark (
    program_id BIGINT PRIMARY KEY NOT NULL REFERENCES program (program_id),
    theory BIGINT CHECK (theory BETWEEN 0 AND 1000), -- tenths of a point, of 100 points; NULL: there is no such part
    practice BIGINT CHECK (practice BETWEEN 0 AND 1000),
    set_by TEXT NOT NULL,
    set_at TEXT NOT NULL,
    CHECK (theory IS NOT NULL OR practice IS NOT NULL)
);

CREATE TABLE assessment_result (
    enrollment_id BIGINT NOT NULL REFERENCES enrollment (enrollment_id),
    attempt BIGINT NOT NULL CHECK (attempt BETWEEN 1 AND 5), -- above 1 a re-sit
    taken_on TEXT NOT NULL,
    theory BIGINT CHECK (theory BETWEEN 0 AND 1000), -- tenths of a point, of 100 points
    practice BIGINT CHECK (practice BETWEEN 0 AND 1000),
    passed BIGINT NOT NULL CHECK (passed IN (0, 1)),
    examiner TEXT NOT NULL DEFAULT '',
    recorded_by TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (enrollment_id, attempt)
);

-- Who may be assessed with less than the attendance that is asked for, and why.
CREATE TABLE attendance_exception (
    enrollment_id BIGINT PRIMARY KEY NOT NULL REFERENCES enrollment (enrollment_id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    granted_by TEXT NOT NULL,
    granted_at TEXT NOT NULL
);

CREATE TABLE certificate (
    number TEXT PRIMARY KEY NOT NULL CHECK (number <> ''), -- with its check character
    enrollment_id BIGINT NOT NULL UNIQUE REFERENCES enrollment (enrollment_id),
    learner_id BIGINT NOT NULL REFERENCES learner (learner_id),
    division TEXT NOT NULL, -- the class's
    trade TEXT NOT NULL,
    level BIGINT NOT NULL CHECK (level BETWEEN 0 AND 5),
    issued_on TEXT NOT NULL,
    issued_by TEXT NOT NULL,
    revoked_on TEXT,
    revoked_by TEXT,
    revoked_why TEXT, -- a code; its words are public
    revoked_note TEXT NOT NULL DEFAULT '', -- not public
    CHECK ((revoked_on IS NULL) = (revoked_why IS NULL))
);
CREATE INDEX certificate_by_learner ON certificate (learner_id, trade, level);
CREATE INDEX certificate_by_division ON certificate (division, issued_on);
