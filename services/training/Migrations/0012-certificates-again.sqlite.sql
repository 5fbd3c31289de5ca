-- A certificate that was revoked does not stand in the way of another for the same training; one at a time is valid. SQLite
-- gives up a constraint only with its table; nothing refers to this one.
CREATE TABLE certificate_again (
    number TEXT PRIMARY KEY NOT NULL CHECK (number <> ''), -- with its check character
    enrollment_id BIGINT NOT NULL REFERENCES enrollment (enrollment_id),
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
INSERT INTO certificate_again (number, enrollment_id, learner_id, division, trade, level, issued_on, issued_by, revoked_on,
    revoked_by, revoked_why, revoked_note)
SELECT number, enrollment_id, learner_id, division, trade, level, issued_on, issued_by, revoked_on, revoked_by, revoked_why,
    revoked_note FROM certificate;
DROP TABLE certificate;
ALTER TABLE certificate_again RENAME TO certificate;
CREATE INDEX certificate_by_learner ON certificate (learner_id, trade, level);
CREATE INDEX certificate_by_division ON certificate (division, issued_on);
CREATE UNIQUE INDEX certificate_by_enrollment ON certificate (enrollment_id) WHERE revoked_on IS NULL;
CREATE INDEX certificate_of_enrollment ON certificate (enrollment_id);
