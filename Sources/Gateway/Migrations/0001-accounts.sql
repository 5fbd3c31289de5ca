-- Who may sign in. Times are seconds since 1970.
CREATE TABLE account (
    account_id TEXT PRIMARY KEY NOT NULL CHECK (account_id <> ''),
    login TEXT NOT NULL UNIQUE CHECK (login <> ''), -- small letters
    name TEXT NOT NULL CHECK (name <> ''),
    division TEXT NOT NULL CHECK (length(division) IN (2, 4, 6, 9, 12)), -- sees this subtree
    salt BYTEA NOT NULL, -- scrypt (RFC 7914) with its cost
    hash BYTEA NOT NULL,
    rounds BIGINT NOT NULL,
    block_size BIGINT NOT NULL,
    parallelism BIGINT NOT NULL,
    must_change BOOLEAN NOT NULL DEFAULT FALSE, -- the password was given out by an administrator
    totp_secret BYTEA, -- sealed; NULL where no authenticator is set up
    totp_pending BYTEA, -- sealed, until its first code is shown
    totp_step BIGINT, -- the last step whose code was used
    failures BIGINT NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until BIGINT,
    blocked_at BIGINT, -- by an administrator
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX account_by_division ON account (division, login);

CREATE TABLE account_role (
    account_id TEXT NOT NULL REFERENCES account (account_id),
    service TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (account_id, service, role)
);

CREATE TABLE recovery_code (
    account_id TEXT NOT NULL REFERENCES account (account_id),
    digest BYTEA NOT NULL CHECK (length(digest) = 32), -- SHA-256
    used_at BIGINT,
    PRIMARY KEY (account_id, digest)
);

CREATE TABLE session (
    session_id TEXT PRIMARY KEY NOT NULL,
    digest BYTEA NOT NULL UNIQUE CHECK (length(digest) = 32), -- SHA-256 of what the browser keeps
    account_id TEXT NOT NULL REFERENCES account (account_id),
    begun_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    agent TEXT NOT NULL DEFAULT '' -- what the browser calls itself
);
CREATE INDEX session_by_account ON session (account_id, ended_at);
