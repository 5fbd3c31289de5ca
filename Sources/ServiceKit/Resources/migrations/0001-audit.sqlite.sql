-- Who did what and who looked; append-only, each entry chained to the one before (Security's AuditEntry).
CREATE TABLE audit_entry (
    sequence BIGINT PRIMARY KEY NOT NULL,
    occurred_at BIGINT NOT NULL, -- milliseconds since 1970
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL, -- an id, never an identity number
    division TEXT NOT NULL,
    reason TEXT NOT NULL,
    request_id TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
);
CREATE INDEX audit_entry_by_subject ON audit_entry (subject, sequence);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor, sequence);
CREATE TABLE audit_head (
    only_row BIGINT PRIMARY KEY NOT NULL CHECK (only_row = 1),
    sequence BIGINT NOT NULL,
    hash BLOB NOT NULL
);
INSERT INTO audit_head VALUES (1, 0, zeroblob(32));
CREATE TRIGGER audit_entry_is_not_changed BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entry_is_not_removed BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
