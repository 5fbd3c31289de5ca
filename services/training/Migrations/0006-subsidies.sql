-- Money from evidence: budgets, claims, notices, payment files, and a ledger by double entry. All amounts are whole fen.
CREATE TABLE budget (
    division TEXT NOT NULL CHECK (length(division) = 6),
    year BIGINT NOT NULL CHECK (year BETWEEN 2000 AND 2200),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    committed BIGINT NOT NULL DEFAULT 0, -- of claims that were handed in and neither returned nor refused
    version BIGINT NOT NULL DEFAULT 1, -- of the amount
    PRIMARY KEY (division, year),
    CHECK (committed BETWEEN 0 AND amount)
);

CREATE TABLE subsidy_claim (
    claim_id TEXT PRIMARY KEY NOT NULL CHECK (claim_id <> ''),
    class_id BIGINT NOT NULL REFERENCES training_class (class_id),
    school_id BIGINT NOT NULL REFERENCES school (school_id),
    division TEXT NOT NULL, -- the class's
    budget_division TEXT NOT NULL CHECK (length(budget_division) = 6),
    budget_year BIGINT, -- the calendar year in Beijing in which it was handed in; NULL while it takes nothing from a budget
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'submitted', 'returned', 'refused', 'noticed', 'approved', 'paying', 'paid')),
    round BIGINT NOT NULL DEFAULT 0, -- how often it was handed in
    total BIGINT NOT NULL CHECK (total >= 0),
    digest TEXT NOT NULL, -- SHA-256 of the sheet
    changes TEXT NOT NULL DEFAULT '[]', -- JSON: how the sheet that was handed in differs from the draft
    prepared_by TEXT NOT NULL,
    prepared_at TEXT NOT NULL,
    submitted_by TEXT,
    submitted_at TEXT,
    decided_by TEXT,
    decided_at TEXT,
    notice_from TEXT, -- 公示, the day on which it was put up
    notice_until TEXT, -- the last day
    approved_by TEXT,
    approved_at TEXT,
    note TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    FOREIGN KEY (budget_division, budget_year) REFERENCES budget (division, year),
    CHECK (state = 'draft' OR submitted_by IS NOT NULL),
    CHECK (decided_by IS NULL OR (decided_by <> prepared_by AND decided_by <> submitted_by)),
    CHECK (approved_by IS NULL OR (approved_by <> prepared_by AND approved_by <> submitted_by)),
    CHECK (state NOT IN ('noticed', 'approved', 'paying', 'paid') OR (decided_by IS NOT NULL AND notice_until IS NOT NULL)),
    CHECK ((state IN ('approved', 'paying', 'paid')) = (approved_by IS NOT NULL)),
    CHECK ((state IN ('submitted', 'noticed', 'approved', 'paying', 'paid')) = (budget_year IS NOT NULL))
);
-- One claim of a class at a time; after it is approved another may ask for whoever was certified later.
CREATE UNIQUE INDEX claim_of_class ON subsidy_claim (class_id) WHERE state IN ('draft', 'submitted', 'returned', 'noticed');
CREATE INDEX claim_by_division ON subsidy_claim (division, state, claim_id);
CREATE INDEX claim_by_budget ON subsidy_claim (budget_division, budget_year);
CREATE INDEX claim_by_notice ON subsidy_claim (notice_until) WHERE state = 'noticed';

CREATE TABLE subsidy_line (
    claim_id TEXT NOT NULL REFERENCES subsidy_claim (claim_id),
    enrollment_id BIGINT NOT NULL REFERENCES enrollment (enrollment_id),
    learner_id BIGINT NOT NULL REFERENCES learner (learner_id),
    kind TEXT NOT NULL CHECK (kind IN ('training', 'living')), -- 培训补贴, 生活费补贴
    trade TEXT NOT NULL,
    level BIGINT NOT NULL,
    year BIGINT NOT NULL, -- in which the training ended, in Beijing: the year that it counts in
    slot BIGINT CHECK (slot BETWEEN 1 AND 3), -- which of the person's three in that year
    amount BIGINT NOT NULL CHECK (amount >= 0),
    to_learner BIGINT NOT NULL CHECK (to_learner >= 0),
    to_school BIGINT NOT NULL CHECK (to_school >= 0),
    refused_by TEXT, -- the rule that refuses it; then the amount is 0
    evidence TEXT NOT NULL, -- JSON: what it was computed from
    is_counted BIGINT NOT NULL DEFAULT 0 CHECK (is_counted IN (0, 1)), -- it was handed in and stands
    PRIMARY KEY (claim_id, enrollment_id, kind),
    CHECK (amount = to_learner + to_school),
    CHECK ((refused_by IS NULL) = (amount > 0)),
    CHECK (is_counted = 0 OR refused_by IS NULL),
    CHECK ((slot IS NOT NULL) = (kind = 'training' AND refused_by IS NULL))
);
-- One subsidy for the same trade and level, whatever the school.
CREATE UNIQUE INDEX one_subsidy_a_trade ON subsidy_line (learner_id, trade, level)
    WHERE is_counted = 1 AND kind = 'training';
-- Three a person and calendar year: there is no fourth slot.
CREATE UNIQUE INDEX three_subsidies_a_year ON subsidy_line (learner_id, year, slot)
    WHERE is_counted = 1 AND kind = 'training';
CREATE UNIQUE INDEX one_subsidy_an_enrollment ON subsidy_line (enrollment_id, kind) WHERE is_counted = 1;

-- What an approved claim owes to each payee: the school once, each learner once.
CREATE TABLE subsidy_due (
    due_id TEXT PRIMARY KEY NOT NULL CHECK (due_id <> ''),
    claim_id TEXT NOT NULL REFERENCES subsidy_claim (claim_id),
    payee TEXT NOT NULL CHECK (payee IN ('school', 'learner')),
    learner_id BIGINT REFERENCES learner (learner_id), -- NULL for a school
    amount BIGINT NOT NULL CHECK (amount > 0),
    UNIQUE (due_id, amount),
    CHECK ((payee = 'learner') = (learner_id IS NOT NULL))
);
CREATE UNIQUE INDEX due_once ON subsidy_due (claim_id, payee, coalesce(learner_id, 0));

CREATE TABLE payment_batch (
    batch_id TEXT PRIMARY KEY NOT NULL CHECK (batch_id <> ''),
    division TEXT NOT NULL CHECK (length(division) = 6), -- of the budgets that pay
    state TEXT NOT NULL CHECK (state IN ('made', 'settled')),
    total BIGINT NOT NULL CHECK (total > 0),
    payments BIGINT NOT NULL CHECK (payments > 0),
    made_by TEXT NOT NULL,
    made_at TEXT NOT NULL,
    file_sha256 TEXT NOT NULL, -- of the payment file, in hexadecimal
    result_sha256 TEXT,
    settled_by TEXT,
    settled_at TEXT,
    CHECK ((state = 'settled') = (result_sha256 IS NOT NULL))
);
CREATE INDEX batch_by_division ON payment_batch (division, made_at);

-- One row of a payment file. No account numbers are kept: the bank joins its own list by the payee's code.
CREATE TABLE payment (
    payment_id TEXT PRIMARY KEY NOT NULL CHECK (payment_id <> ''),
    batch_id TEXT NOT NULL REFERENCES payment_batch (batch_id),
    due_id TEXT NOT NULL,
    attempt BIGINT NOT NULL CHECK (attempt >= 1),
    payee_code TEXT NOT NULL, -- S and the school's credit code, or L and the learner's number here
    payee_name TEXT NOT NULL, -- as it stood when the file was made
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL CHECK (state IN ('made', 'paid', 'failed')),
    failure TEXT NOT NULL DEFAULT '',
    FOREIGN KEY (due_id, amount) REFERENCES subsidy_due (due_id, amount),
    UNIQUE (due_id, attempt),
    CHECK ((state = 'failed') = (failure <> ''))
);
CREATE INDEX payment_by_batch ON payment (batch_id, payment_id);
-- What is owed has at most one payment that is on its way or done.
CREATE UNIQUE INDEX payment_once ON payment (due_id) WHERE state <> 'failed';

-- Money moves from one account of a budget to another: a row is both sides of a posting, so they add up to nothing whatever is
-- written. Rows are never changed. Accounts: granted (minus the budget), free, committed (handed in), payable (approved), transit (with
-- the bank), paid.
CREATE TABLE ledger_posting (
    posting_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL CHECK (reference <> ''), -- BUDGET:VERSION, CLAIM:ROUND or a payment
    division TEXT NOT NULL,
    year BIGINT NOT NULL,
    credit TEXT NOT NULL, -- where it comes from
    debit TEXT NOT NULL, -- where it goes
    amount BIGINT NOT NULL CHECK (amount > 0),
    posted_by TEXT NOT NULL,
    posted_at TEXT NOT NULL,
    FOREIGN KEY (division, year) REFERENCES budget (division, year),
    CONSTRAINT posting_kind CHECK (kind || ':' || credit || '>' || debit IN (
        'grant:granted>free', 'lower:free>granted', 'commit:free>committed', 'release:committed>free',
        'approve:committed>payable', 'send:payable>transit', 'pay:transit>paid', 'fail:transit>payable'))
);
CREATE UNIQUE INDEX posting_once ON ledger_posting (kind, reference);
CREATE INDEX posting_by_budget ON ledger_posting (division, year, posting_id);
-- A posting by its two sides: debit positive, credit negative.
CREATE VIEW ledger_entry AS
    SELECT posting_id, 1 AS side, division, year, debit AS account, amount, kind, reference, posted_at FROM ledger_posting
    UNION ALL
    SELECT posting_id, 2 AS side, division, year, credit AS account, -amount, kind, reference, posted_at FROM ledger_posting;

