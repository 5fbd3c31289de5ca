-- Schools, their people and rooms, and what they may teach.
CREATE TABLE school (
    school_id INTEGER PRIMARY KEY AUTOINCREMENT,
    credit_code TEXT NOT NULL UNIQUE CHECK (length(credit_code) = 18), -- 统一社会信用代码, GB 32100-2015
    name TEXT NOT NULL CHECK (name <> ''),
    division TEXT NOT NULL CHECK (length(division) IN (6, 9, 12)), -- of the bureau that answers for it
    address TEXT NOT NULL DEFAULT '',
    latitude BIGINT, -- millionths of a degree, WGS 84
    longitude BIGINT,
    phone TEXT NOT NULL DEFAULT '', -- of the office, public
    licence_number TEXT NOT NULL DEFAULT '', -- 办学许可证
    licence_from TEXT, -- ISO 8601 day
    licence_until TEXT, -- the last day on which it holds
    state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'suspended', 'closed')),
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX school_by_division ON school (division, school_id);

CREATE TABLE room (
    room_id INTEGER PRIMARY KEY AUTOINCREMENT,
    school_id BIGINT NOT NULL REFERENCES school (school_id),
    name TEXT NOT NULL CHECK (name <> ''),
    seats BIGINT NOT NULL CHECK (seats >= 1),
    UNIQUE (school_id, name)
);

-- Whoever was trained here before, or came from elsewhere. Numbers and phones are sealed.
CREATE TABLE learner (
    learner_id INTEGER PRIMARY KEY AUTOINCREMENT,
    division TEXT NOT NULL CHECK (length(division) IN (6, 9, 12)), -- where the person lives
    name TEXT NOT NULL CHECK (name <> ''),
    number_sealed BYTEA NOT NULL,
    number_index BYTEA NOT NULL UNIQUE, -- blind index of the identity number
    phone_sealed BYTEA,
    token_digest BYTEA UNIQUE, -- SHA-256 of the secret part of the learner's own page
    born_on TEXT NOT NULL, -- ISO 8601 day, from the number
    sex TEXT NOT NULL CHECK (sex IN ('male', 'female')),
    residence TEXT NOT NULL CHECK (residence IN ('urban', 'rural')),
    schooling TEXT NOT NULL DEFAULT 'unknown'
        CHECK (schooling IN ('unknown', 'primary', 'junior', 'senior', 'vocational', 'college', 'bachelor')),
    wish TEXT NOT NULL DEFAULT 'any' CHECK (wish IN ('any', 'leaving', 'staying')), -- 外出就业 or 就近就业
    groups TEXT NOT NULL DEFAULT '', -- LearnerGroup, comma-separated, sorted
    latitude BIGINT,
    longitude BIGINT,
    aid_person TEXT UNIQUE, -- the person's id in aid, where aid asked for training
    monthly_income_before BIGINT CHECK (monthly_income_before >= 0), -- fen, as the learner said at sign-up
    created_at TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX learner_by_division ON learner (division, learner_id);

CREATE TABLE instructor (
    instructor_id INTEGER PRIMARY KEY AUTOINCREMENT,
    school_id BIGINT NOT NULL REFERENCES school (school_id),
    name TEXT NOT NULL CHECK (name <> ''),
    number_sealed BYTEA NOT NULL,
    number_index BYTEA NOT NULL, -- one person may teach at several schools
    trades TEXT NOT NULL DEFAULT '', -- occupation codes, comma-separated
    credential TEXT NOT NULL DEFAULT '', -- what entitles to teach: certificate and number
    credential_until TEXT,
    learner_id BIGINT REFERENCES learner (learner_id), -- a former learner
    is_active BIGINT NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1)),
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (school_id, number_index)
);
CREATE INDEX instructor_by_number ON instructor (number_index);

CREATE TABLE program (
    program_id INTEGER PRIMARY KEY AUTOINCREMENT,
    school_id BIGINT NOT NULL REFERENCES school (school_id),
    title TEXT NOT NULL CHECK (title <> ''),
    trade TEXT NOT NULL CHECK (trade <> ''), -- occupation code, 细类
    level BIGINT NOT NULL CHECK (level BETWEEN 0 AND 5), -- 5 初级工 … 1 高级技师; 0 专项职业能力 or none
    hours BIGINT NOT NULL CHECK (hours BETWEEN 1 AND 2000), -- of 45 minutes
    syllabus TEXT NOT NULL DEFAULT '',
    price BIGINT NOT NULL CHECK (price >= 0), -- fen, what a learner pays at first
    subsidy BIGINT NOT NULL CHECK (subsidy >= 0), -- fen a person, the standard
    is_domestic BIGINT NOT NULL DEFAULT 0 CHECK (is_domestic IN (0, 1)), -- counted as domestic service (家政)
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'approved', 'withdrawn')),
    submitted_by TEXT,
    decided_by TEXT,
    decided_at TEXT,
    note TEXT NOT NULL DEFAULT '',
    form_key TEXT UNIQUE, -- of the form that made it: sent twice it makes one program
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (decided_by IS NULL OR submitted_by IS NULL OR decided_by <> submitted_by)
);
CREATE INDEX program_by_school ON program (school_id, program_id);
CREATE INDEX program_by_trade ON program (trade, program_id);
