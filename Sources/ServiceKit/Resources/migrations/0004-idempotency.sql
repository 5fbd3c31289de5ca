-- What was answered to a request that carried an Idempotency-Key; kept for a day.
CREATE TABLE idempotency_key (
    account TEXT NOT NULL,
    key_text TEXT NOT NULL,
    endpoint TEXT NOT NULL, -- operation and path
    fingerprint BYTEA NOT NULL, -- SHA-256 of the body
    location TEXT,
    version BIGINT,
    answer BYTEA NOT NULL, -- JSON
    kept_at BIGINT NOT NULL, -- seconds since 1970
    PRIMARY KEY (account, key_text)
);
CREATE INDEX idempotency_key_by_time ON idempotency_key (kept_at);
