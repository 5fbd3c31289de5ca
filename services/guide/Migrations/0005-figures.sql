-- How the signboard is used, by day: sums, and nothing of who it was. Every copy of the service adds to them.
CREATE TABLE usage_count (
    day TEXT NOT NULL, -- Beijing's, ISO 8601
    kind TEXT NOT NULL, -- scan, search, missing, item, flow, right
    subject TEXT NOT NULL, -- a plate's code, found/nearest/nothing, a query, an item's code, a flow
    total BIGINT NOT NULL CHECK (total >= 0),
    PRIMARY KEY (kind, day, subject)
);

-- What readers say is wrong on an item's page. Digits that could be a phone or an identity number are masked before.
CREATE TABLE feedback (
    feedback_id BIGINT PRIMARY KEY NOT NULL,
    item_code TEXT NOT NULL,
    item_name TEXT NOT NULL,
    edition BIGINT NOT NULL,
    department_id TEXT NOT NULL,
    division TEXT NOT NULL,
    note TEXT NOT NULL,
    said_on TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'done')),
    answer TEXT NOT NULL DEFAULT '', -- what was done
    answered_by TEXT,
    answered_name TEXT,
    answered_at TEXT,
    CHECK ((state = 'done') = (answered_by IS NOT NULL))
);
CREATE INDEX feedback_by_state ON feedback (state, item_code, feedback_id);
