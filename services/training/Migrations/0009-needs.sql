-- People whom aid asks training for: members of low-income households of working age without work. Neither names nor
-- identity numbers: aid is asked for them when a place is offered.
CREATE TABLE training_need (
    aid_person TEXT PRIMARY KEY NOT NULL CHECK (aid_person <> ''),
    division TEXT NOT NULL CHECK (length(division) IN (6, 9, 12)), -- where the person lives
    household TEXT NOT NULL, -- the household's id in aid
    birth_year BIGINT NOT NULL CHECK (birth_year BETWEEN 1900 AND 2200),
    sex TEXT CHECK (sex IN ('male', 'female')),
    asked_at TEXT NOT NULL,
    learner_id BIGINT UNIQUE REFERENCES learner (learner_id),
    wish TEXT NOT NULL DEFAULT 'any' CHECK (wish IN ('any', 'leaving', 'staying')),
    schooling TEXT NOT NULL DEFAULT 'unknown'
        CHECK (schooling IN ('unknown', 'primary', 'junior', 'senior', 'vocational', 'college', 'bachelor')),
    -- offered: at least once; enrolled and closed (placed) follow the milestones; declined: the person does not want to
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'offered', 'enrolled', 'declined', 'closed')),
    note TEXT NOT NULL DEFAULT '',
    handled_by TEXT, -- account
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX need_by_division ON training_need (division, state, aid_person);

-- What aid answered about a number; asked again when it is older than a day.
CREATE TABLE aid_answer (
    number_index BYTEA PRIMARY KEY NOT NULL,
    is_low_income BIGINT NOT NULL CHECK (is_low_income IN (0, 1)),
    asked_at TEXT NOT NULL
);
