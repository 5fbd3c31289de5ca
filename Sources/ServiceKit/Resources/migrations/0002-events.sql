-- Events that leave (outbox) and come in (inbox). Times are milliseconds since 1970.
CREATE TABLE event_receiver (
    receiver TEXT PRIMARY KEY NOT NULL CHECK (receiver <> ''),
    address TEXT NOT NULL, -- http://127.0.0.1:8101/aid
    types TEXT NOT NULL -- with a space before and after each
);
CREATE TABLE outbox_subject (
    subject TEXT PRIMARY KEY NOT NULL,
    sequence BIGINT NOT NULL -- the last that was given
);
CREATE TABLE outbox_event (
    event_id TEXT PRIMARY KEY NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    data TEXT NOT NULL, -- JSON
    UNIQUE (subject, sequence)
);
-- One event on its way to one receiver.
CREATE TABLE event_delivery (
    event_id TEXT NOT NULL REFERENCES outbox_event (event_id),
    receiver TEXT NOT NULL,
    subject TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'delivered', 'dead')),
    attempts BIGINT NOT NULL DEFAULT 0,
    tried_at BIGINT, -- the first attempt
    reason TEXT NOT NULL DEFAULT '', -- of the last failure: a code, never data
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (event_id, receiver)
);
CREATE INDEX event_delivery_in_order ON event_delivery (receiver, subject, sequence) WHERE state = 'queued';
CREATE INDEX event_delivery_by_state ON event_delivery (state, changed_at);
-- A receiver's queue of one subject; whoever holds its lease sends it, in order.
CREATE TABLE event_lane (
    receiver TEXT NOT NULL,
    subject TEXT NOT NULL,
    delivered BIGINT NOT NULL DEFAULT 0, -- the sequence of the last that arrived
    due_at BIGINT, -- NULL where nothing waits
    lease_holder TEXT,
    lease_until BIGINT,
    PRIMARY KEY (receiver, subject)
);
CREATE INDEX event_lane_by_due ON event_lane (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE inbox_event (
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('handled', 'ignored')),
    PRIMARY KEY (source, event_id)
);
CREATE INDEX inbox_event_by_time ON inbox_event (received_at);
CREATE TABLE inbox_subject (
    source TEXT NOT NULL,
    subject TEXT NOT NULL,
    sequence BIGINT NOT NULL, -- the last that was taken
    PRIMARY KEY (source, subject)
);

-- Tokens of an account issued before this second are not taken any more.
CREATE TABLE token_revocation (
    account TEXT PRIMARY KEY NOT NULL,
    revoked_before BIGINT NOT NULL -- seconds since 1970
);
