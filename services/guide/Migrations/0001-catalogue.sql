-- The catalogue of government service items (政务服务事项) and its editions.
CREATE TABLE department (
    department_id TEXT PRIMARY KEY NOT NULL CHECK (department_id <> ''),
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    short_name TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    hours TEXT NOT NULL DEFAULT '',
    division TEXT NOT NULL CHECK (length(division) IN (2, 4, 6, 9, 12))
);

CREATE TABLE item (
    item_id BIGINT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE CHECK (code <> ''), -- 实施编码
    base_code TEXT NOT NULL DEFAULT '',
    department_id TEXT NOT NULL REFERENCES department (department_id),
    division TEXT NOT NULL CHECK (length(division) IN (2, 4, 6, 9, 12)),
    name TEXT NOT NULL CHECK (name <> ''), -- of the newest edition
    is_frequent BOOLEAN NOT NULL DEFAULT FALSE,
    is_sample BOOLEAN NOT NULL DEFAULT FALSE,
    score BIGINT NOT NULL DEFAULT 0 CHECK (score BETWEEN 0 AND 100), -- completeness of the newest edition
    claimed_by TEXT, -- account
    claimed_name TEXT,
    published_number BIGINT, -- the edition that citizens see; NULL before the first
    withdrawn_at TEXT,
    withdrawn_why TEXT,
    confirmed_on TEXT, -- last confirmed to be right, ISO 8601
    review_by TEXT, -- to be confirmed again by this day
    changed_version BIGINT NOT NULL DEFAULT 0 -- of catalogue_state, when what citizens see changed last
);
CREATE INDEX item_by_department ON item (department_id, item_id);
CREATE INDEX item_by_change ON item (changed_version);
CREATE INDEX item_by_review ON item (review_by, item_id);
CREATE INDEX item_by_division ON item (division, item_id);

-- What an item says, edition by edition; a published one is never changed.
CREATE TABLE edition (
    item_id BIGINT NOT NULL REFERENCES item (item_id),
    number BIGINT NOT NULL CHECK (number >= 1),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'published', 'returned')),
    version BIGINT NOT NULL DEFAULT 1, -- counts the changes of a draft
    content TEXT NOT NULL, -- JSON, ItemContent
    edited_by TEXT NOT NULL,
    edited_name TEXT NOT NULL,
    edited_at TEXT NOT NULL,
    submitted_at TEXT,
    reviewed_by TEXT, -- another account than edited_by
    reviewed_name TEXT,
    reviewed_at TEXT,
    note TEXT NOT NULL DEFAULT '',
    publish_on TEXT, -- the day on which an approved edition appears
    published_at TEXT,
    PRIMARY KEY (item_id, number),
    CHECK (reviewed_by IS NULL OR reviewed_by <> edited_by)
);
CREATE UNIQUE INDEX edition_open ON edition (item_id) WHERE state IN ('draft', 'submitted', 'approved');
CREATE INDEX edition_to_publish ON edition (publish_on) WHERE state = 'approved';

-- Counts the changes that citizens can see: every copy of the service follows it.
CREATE TABLE catalogue_state (
    only_row BIGINT PRIMARY KEY NOT NULL CHECK (only_row = 1),
    version BIGINT NOT NULL
);
INSERT INTO catalogue_state VALUES (1, 0);
