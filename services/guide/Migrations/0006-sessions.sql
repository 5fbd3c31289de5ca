-- The remote helper (云帮办): citizens who ask or book, helpers who answer. Moments are seconds since 1970.
CREATE TABLE help_session (
    session_id TEXT PRIMARY KEY NOT NULL CHECK (session_id <> ''),
    token_digest BYTEA UNIQUE, -- SHA-256 of the room's secret; NULL for walk-ins, callers, and after the removal
    division TEXT NOT NULL CHECK (length(division) IN (2, 4, 6, 9, 12)),
    channel TEXT NOT NULL CHECK (channel IN ('video', 'walk-in', 'phone')),
    state TEXT NOT NULL CHECK (state IN ('booked', 'waiting', 'serving', 'ended')),
    ended_why TEXT CHECK (ended_why IN ('done', 'left', 'cancelled', 'no-show')),
    ticket BIGINT NOT NULL, -- counts the day's sessions
    item_code TEXT,
    item_name TEXT NOT NULL DEFAULT '',
    name_sealed BYTEA,
    phone_sealed BYTEA,
    topic_sealed BYTEA,
    notes_sealed BYTEA,
    word_sealed BYTEA, -- said with the rating
    helper TEXT, -- account
    helper_name TEXT,
    booked_for BIGINT, -- the slot's beginning
    asked_at BIGINT NOT NULL,
    waiting_since BIGINT,
    seen_at BIGINT, -- the citizen's page was last heard of
    started_at BIGINT,
    ended_at BIGINT,
    last_sequence BIGINT NOT NULL DEFAULT 0,
    outcome TEXT,
    follow_up_on TEXT,
    rating BIGINT CHECK (rating BETWEEN 1 AND 5),
    removed_at BIGINT, -- names, phones, what was said and shown
    CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CHECK ((state = 'ended') = (ended_why IS NOT NULL)),
    CHECK (state <> 'serving' OR helper IS NOT NULL),
    CHECK (state <> 'booked' OR booked_for IS NOT NULL)
);
CREATE INDEX help_session_open ON help_session (state, division) WHERE state <> 'ended';
CREATE INDEX help_session_kept ON help_session (ended_at) WHERE removed_at IS NULL;
CREATE INDEX help_session_follow_up ON help_session (follow_up_on) WHERE follow_up_on IS NOT NULL;

-- The places of a slot: as many as helpers, each taken once.
CREATE TABLE help_seat (
    division TEXT NOT NULL,
    slot BIGINT NOT NULL, -- its beginning
    seat BIGINT NOT NULL CHECK (seat >= 1),
    session_id TEXT NOT NULL UNIQUE REFERENCES help_session (session_id),
    PRIMARY KEY (division, slot, seat)
);

CREATE TABLE help_ticket (
    division TEXT NOT NULL,
    day TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (division, day)
);

-- What the two sides of a room send each other, by sequence; signals of the call go when the session ends.
CREATE TABLE help_message (
    session_id TEXT NOT NULL REFERENCES help_session (session_id),
    sequence BIGINT NOT NULL CHECK (sequence >= 1),
    sender TEXT NOT NULL CHECK (sender IN ('citizen', 'helper', 'service')),
    sender_name TEXT NOT NULL DEFAULT '', -- of the helper who said it
    kind TEXT NOT NULL,
    page TEXT NOT NULL DEFAULT '',
    recipient TEXT NOT NULL DEFAULT '',
    content_sealed BYTEA,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (session_id, sequence)
);

CREATE TABLE help_picture (
    picture_id TEXT PRIMARY KEY NOT NULL,
    session_id TEXT NOT NULL REFERENCES help_session (session_id),
    sender TEXT NOT NULL CHECK (sender IN ('citizen', 'helper')),
    type TEXT NOT NULL CHECK (type IN ('image/jpeg', 'image/png', 'image/webp')),
    bytes BIGINT NOT NULL CHECK (bytes BETWEEN 1 AND 10000000),
    content_sealed BYTEA NOT NULL,
    sent_at BIGINT NOT NULL
);
CREATE INDEX help_picture_by_session ON help_picture (session_id);

-- Who answers, and when they were last at their queue: to hand over to.
CREATE TABLE help_desk (
    account TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    division TEXT NOT NULL, -- empty for the machine itself
    seen_at BIGINT NOT NULL
);

-- What happened to sessions, for figures; names nobody and outlives what is removed.
CREATE TABLE session_event (
    session_id TEXT NOT NULL,
    number BIGINT NOT NULL CHECK (number >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('asked', 'booked', 'arrived', 'taken', 'handed-over', 'ended', 'rated')),
    division TEXT NOT NULL,
    channel TEXT NOT NULL,
    item_code TEXT,
    happened_at BIGINT NOT NULL,
    day TEXT NOT NULL, -- in Beijing
    ended_why TEXT, -- of 'ended'
    wait_seconds BIGINT CHECK (wait_seconds >= 0), -- of 'taken': since the citizen was in the queue
    length_seconds BIGINT CHECK (length_seconds >= 0), -- of 'ended', once taken
    rating BIGINT CHECK (rating BETWEEN 1 AND 5), -- of 'rated'
    PRIMARY KEY (session_id, number)
);
CREATE INDEX session_event_by_day ON session_event (day, division, kind);
