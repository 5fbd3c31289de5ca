-- Who was there (考勤), by session. Minutes are counted since 1970-01-01 00:00 in Beijing, moments are ISO 8601 in UTC.
CREATE TABLE attendance (
    session_id BIGINT NOT NULL REFERENCES class_session (session_id),
    enrollment_id BIGINT NOT NULL REFERENCES enrollment (enrollment_id),
    class_id BIGINT NOT NULL REFERENCES training_class (class_id),
    state TEXT NOT NULL CHECK (state IN ('present', 'late', 'leave', 'absent', 'made-up')),
    source TEXT NOT NULL CHECK (source IN ('code', 'teacher', 'sheet')),
    marked_at TEXT NOT NULL,
    is_marked_late BIGINT NOT NULL DEFAULT 0 CHECK (is_marked_late IN (0, 1)), -- entered after the session's day
    device_digest BYTEA, -- SHA-256 of the device's secret; NULL where a teacher or a sheet says it
    reason TEXT NOT NULL DEFAULT '',
    marked_by TEXT NOT NULL DEFAULT '', -- account
    PRIMARY KEY (session_id, enrollment_id),
    CHECK (state <> 'made-up' OR reason <> ''),
    CHECK ((source = 'code') = (device_digest IS NOT NULL))
);
CREATE INDEX attendance_by_enrollment ON attendance (enrollment_id, state);
CREATE INDEX attendance_by_class ON attendance (class_id, session_id);
