-- Money from evidence: budgets, claims, notices, payment files, and a ledger by double entry. All amounts are whole fen.
CREATE TABLE budget (
    division TEXT NOT NULL CHECK (length(division) = 6),
    year BIGINT NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    committed BIGINT NOT NULL DEFAULT 0, -- of claims that were handed in and not refused
    version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (division, year),
    CHECK (committed BETWEEN 0 AND amount)
);

CREATE TABLE subsidy_claim (
    claim_id TEXT PRIMARY KEY NOT NULL CHECK (claim_id <> ''),
    class_id BIGINT NOT NULL REFERENCES training_class (class_id),
    school_id BIGINT NOT NULL REFERENCES school (school_id),
    division TEXT NOT NULL CHECK (length(division) = 6), -- of the budget
    year BIGINT NOT NULL,
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'submitted', 'returned', 'refused', 'noticed', 'approved', 'paying', 'paid')),
    total BIGINT NOT NULL CHECK (total >= 0),
    submitted_by TEXT,
    submitted_at TEXT,
    decided_by TEXT,
    decided_at TEXT,
    notice_from TEXT, -- 公示
    notice_until TEXT, -- the last day
    note TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    FOREIGN KEY (division, year) REFERENCES budget (division, year),
    CHECK (decided_by IS NULL OR submitted_by IS NULL OR decided_by <> submitted_by)
);
CREATE UNIQUE INDEX claim_of_class ON subsidy_claim (class_id) WHERE state <> 'refused';
CREATE INDEX claim_by_division ON subsidy_claim (division, state, claim_id);

CREATE TABLE subsidy_line (
    claim_id TEXT NOT NULL REFERENCES subsidy_claim (claim_id),
    enrollment_id BIGINT NOT NULL REFERENCES enrollment (enrollment_id),
    learner_id BIGINT NOT NULL REFERENCES learner (learner_id),
    trade TEXT NOT NULL,
    level BIGINT NOT NULL,
    year BIGINT NOT NULL, -- the calendar year that it counts in
    kind TEXT NOT NULL CHECK (kind IN ('training', 'living')), -- 培训补贴, 生活费补贴
    amount BIGINT NOT NULL CHECK (amount >= 0),
    refused_by TEXT, -- the rule that refuses it; then the amount is 0
    evidence TEXT NOT NULL, -- JSON: what it was computed from
    is_counted BIGINT NOT NULL DEFAULT 0 CHECK (is_counted IN (0, 1)), -- takes one of the person's three a year
    PRIMARY KEY (claim_id, enrollment_id, kind),
    CHECK (refused_by IS NULL OR (amount = 0 AND is_counted = 0))
);
-- One subsidy for the same trade and level, whatever the school.
CREATE UNIQUE INDEX one_subsidy_a_trade ON subsidy_line (learner_id, trade, level)
    WHERE is_counted = 1 AND kind = 'training';
CREATE INDEX line_by_learner ON subsidy_line (learner_id, year);

CREATE TABLE payment_batch (
    batch_id TEXT PRIMARY KEY NOT NULL CHECK (batch_id <> ''),
    division TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('made', 'sent', 'settled')),
    total BIGINT NOT NULL CHECK (total >= 0),
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    file_sha256 TEXT,
    settled_at TEXT,
    version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE payment (
    payment_id TEXT PRIMARY KEY NOT NULL CHECK (payment_id <> ''),
    batch_id TEXT NOT NULL REFERENCES payment_batch (batch_id),
    claim_id TEXT NOT NULL REFERENCES subsidy_claim (claim_id),
    payee TEXT NOT NULL CHECK (payee IN ('school', 'learner')),
    learner_id BIGINT REFERENCES learner (learner_id), -- NULL for a school
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL CHECK (state IN ('made', 'paid', 'failed')),
    failure TEXT NOT NULL DEFAULT '',
    settled_on TEXT,
    attempt BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX payment_by_batch ON payment (batch_id);
-- A payee of a claim has at most one payment that is on its way or done.
CREATE UNIQUE INDEX payment_once ON payment (claim_id, payee, coalesce(learner_id, 0)) WHERE state <> 'failed';

-- The two sides of every posting add up to nothing; rows are never changed.
CREATE TABLE ledger_entry (
    entry_id TEXT NOT NULL,
    side BIGINT NOT NULL CHECK (side IN (1, 2)),
    account TEXT NOT NULL CHECK (account <> ''), -- budget:150402:2026, payable:CLAIM, bank:150402
    amount BIGINT NOT NULL, -- debit positive, credit negative
    kind TEXT NOT NULL CHECK (kind IN ('commit', 'release', 'approve', 'pay', 'fail')),
    reference TEXT NOT NULL, -- a claim or a payment
    posted_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, side)
);
CREATE UNIQUE INDEX posting_once ON ledger_entry (kind, reference, side);
CREATE INDEX ledger_by_account ON ledger_entry (account, posted_at);
