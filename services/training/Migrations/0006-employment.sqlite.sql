-- Employers, vacancies, placements, and labour brands (劳务品牌).
CREATE TABLE employer (
    employer_id INTEGER PRIMARY KEY AUTOINCREMENT,
    credit_code TEXT NOT NULL UNIQUE CHECK (length(credit_code) = 18),
    name TEXT NOT NULL CHECK (name <> ''),
    division TEXT NOT NULL CHECK (length(division) IN (6, 9, 12)),
    address TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '', -- of the office, public
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended')),
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX employer_by_division ON employer (division, employer_id);

CREATE TABLE vacancy (
    vacancy_id INTEGER PRIMARY KEY AUTOINCREMENT,
    employer_id BIGINT NOT NULL REFERENCES employer (employer_id),
    division TEXT NOT NULL, -- where the work is; may lie outside the region
    title TEXT NOT NULL CHECK (title <> ''),
    trade TEXT NOT NULL,
    level BIGINT NOT NULL DEFAULT 0 CHECK (level BETWEEN 0 AND 5), -- at least this level; 0 none
    places BIGINT NOT NULL CHECK (places BETWEEN 1 AND 10000),
    filled BIGINT NOT NULL DEFAULT 0,
    pay_from BIGINT CHECK (pay_from >= 0), -- fen a month
    pay_to BIGINT,
    description TEXT NOT NULL DEFAULT '',
    open_until TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    form_key TEXT UNIQUE, -- of the form that made it: sent twice it makes one vacancy
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (filled BETWEEN 0 AND places),
    CHECK (pay_to >= pay_from)
);
CREATE INDEX vacancy_by_employer ON vacancy (employer_id, vacancy_id);
CREATE INDEX vacancy_open ON vacancy (open_until, vacancy_id) WHERE state = 'open';
CREATE INDEX vacancy_by_trade ON vacancy (trade, state, vacancy_id);

CREATE TABLE job_application (
    application_id INTEGER PRIMARY KEY AUTOINCREMENT,
    vacancy_id BIGINT NOT NULL REFERENCES vacancy (vacancy_id),
    learner_id BIGINT NOT NULL REFERENCES learner (learner_id),
    state TEXT NOT NULL CHECK (state IN ('sent', 'interview', 'accepted', 'refused', 'withdrawn')),
    refusal TEXT, -- RefusalReason
    note TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (vacancy_id, learner_id),
    CHECK ((state = 'refused') = (refusal IS NOT NULL))
);
CREATE INDEX application_by_learner ON job_application (learner_id);

CREATE TABLE labour_brand (
    brand_id INTEGER PRIMARY KEY AUTOINCREMENT,
    division TEXT NOT NULL,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    summary TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE labour_brand_trade (
    brand_id BIGINT NOT NULL REFERENCES labour_brand (brand_id),
    trade TEXT NOT NULL,
    PRIMARY KEY (brand_id, trade)
);

CREATE TABLE labour_brand_employer (
    brand_id BIGINT NOT NULL REFERENCES labour_brand (brand_id),
    employer_id BIGINT NOT NULL REFERENCES employer (employer_id),
    PRIMARY KEY (brand_id, employer_id)
);

CREATE TABLE placement (
    placement_id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner_id BIGINT NOT NULL REFERENCES learner (learner_id),
    division TEXT NOT NULL, -- where the learner lives
    enrollment_id BIGINT REFERENCES enrollment (enrollment_id), -- the training that led to it
    employer_id BIGINT REFERENCES employer (employer_id), -- NULL for one's own business
    vacancy_id BIGINT REFERENCES vacancy (vacancy_id),
    brand_id BIGINT REFERENCES labour_brand (brand_id),
    trade TEXT NOT NULL,
    started_on TEXT NOT NULL,
    ended_on TEXT,
    ended_why TEXT,
    monthly_income BIGINT CHECK (monthly_income >= 0), -- fen
    evidence TEXT NOT NULL DEFAULT '', -- contract, insurance record, visit
    created_at TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((ended_on IS NULL) = (ended_why IS NULL)),
    CHECK (ended_on >= started_on),
    CHECK (vacancy_id IS NULL OR employer_id IS NOT NULL)
);
CREATE UNIQUE INDEX placement_once ON placement (learner_id) WHERE ended_on IS NULL;
CREATE INDEX placement_by_division ON placement (division, started_on);
CREATE INDEX placement_by_enrollment ON placement (enrollment_id);
CREATE INDEX placement_by_employer ON placement (employer_id, started_on);
CREATE INDEX placement_by_brand ON placement (brand_id, started_on);

CREATE TABLE retention_check (
    placement_id BIGINT NOT NULL REFERENCES placement (placement_id),
    month BIGINT NOT NULL CHECK (month IN (3, 6, 12)),
    due_on TEXT NOT NULL,
    done_on TEXT,
    outcome TEXT CHECK (outcome IN ('working', 'changed', 'left', 'unreachable')),
    monthly_income BIGINT,
    note TEXT NOT NULL DEFAULT '',
    checked_by TEXT,
    PRIMARY KEY (placement_id, month),
    CHECK ((done_on IS NULL) = (outcome IS NULL))
);
CREATE INDEX retention_due ON retention_check (due_on) WHERE done_on IS NULL;
