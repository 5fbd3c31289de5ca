-- Guided questions (一件事) and their editions.
CREATE TABLE flow (
    flow_id TEXT PRIMARY KEY NOT NULL CHECK (flow_id <> ''),
    title TEXT NOT NULL, -- JSON of the newest edition's title in both languages
    published_number BIGINT, -- the edition that citizens see; NULL before the first
    withdrawn_at TEXT,
    made_at TEXT NOT NULL
);

-- A published edition is never changed.
CREATE TABLE flow_edition (
    flow_id TEXT NOT NULL REFERENCES flow (flow_id),
    number BIGINT NOT NULL CHECK (number >= 1),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'published', 'returned')),
    content TEXT NOT NULL, -- JSON, as it was typed
    version BIGINT NOT NULL DEFAULT 1, -- counts the changes of a draft
    edited_by TEXT NOT NULL,
    edited_name TEXT NOT NULL,
    edited_at TEXT NOT NULL,
    reviewed_by TEXT, -- another account than edited_by
    reviewed_name TEXT,
    reviewed_at TEXT,
    note TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (flow_id, number),
    CHECK (reviewed_by IS NULL OR reviewed_by <> edited_by)
);
CREATE UNIQUE INDEX flow_edition_open ON flow_edition (flow_id) WHERE state IN ('draft', 'submitted');
