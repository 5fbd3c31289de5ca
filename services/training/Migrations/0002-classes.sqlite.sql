-- Classes and their timetable. Minutes are counted since 1970-01-01 00:00 in Beijing.
CREATE TABLE training_class (
    class_id INTEGER PRIMARY KEY AUTOINCREMENT,
    program_id BIGINT NOT NULL REFERENCES program (program_id),
    school_id BIGINT NOT NULL REFERENCES school (school_id),
    division TEXT NOT NULL CHECK (length(division) IN (6, 9, 12)), -- where it is held
    title TEXT NOT NULL CHECK (title <> ''),
    audience TEXT NOT NULL CHECK (audience IN ('any', 'leaving', 'staying')),
    place TEXT NOT NULL DEFAULT '',
    latitude BIGINT,
    longitude BIGINT,
    capacity BIGINT NOT NULL CHECK (capacity BETWEEN 1 AND 500),
    seated BIGINT NOT NULL DEFAULT 0, -- seats taken or held for an offer
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    sign_up_until TEXT NOT NULL, -- the last day
    policy TEXT NOT NULL DEFAULT 'first-come' CHECK (policy IN ('first-come', 'priority', 'lottery')),
    needs_approval BIGINT NOT NULL DEFAULT 0 CHECK (needs_approval IN (0, 1)), -- the school approves each sign-up
    lottery_seed TEXT, -- drawn in public, recorded once
    lottery_drawn_at TEXT,
    last_sequence BIGINT NOT NULL DEFAULT 0, -- of sign-ups, in the order of commit
    state TEXT NOT NULL DEFAULT 'draft'
        CHECK (state IN ('draft', 'submitted', 'open', 'running', 'ended', 'cancelled')), -- open: approved
    submitted_by TEXT,
    decided_by TEXT,
    decided_at TEXT,
    note TEXT NOT NULL DEFAULT '',
    cancelled_why TEXT,
    form_key TEXT UNIQUE, -- of the form that made it: sent twice it makes one class
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (starts_on <= ends_on),
    CHECK (seated BETWEEN 0 AND capacity),
    CHECK (state <> 'cancelled' OR cancelled_why IS NOT NULL),
    CHECK (decided_by IS NULL OR submitted_by IS NULL OR decided_by <> submitted_by)
);
CREATE INDEX class_by_division ON training_class (division, class_id);
CREATE INDEX class_by_school ON training_class (school_id, class_id);
CREATE INDEX class_by_state ON training_class (state, starts_on, class_id);

CREATE TABLE class_session (
    session_id INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id BIGINT NOT NULL REFERENCES training_class (class_id),
    room_id BIGINT NOT NULL REFERENCES room (room_id),
    instructor_id BIGINT NOT NULL REFERENCES instructor (instructor_id),
    instructor_number BYTEA NOT NULL, -- the person's blind index: one person may be instructor at several schools
    starts_at BIGINT NOT NULL, -- minutes
    ends_at BIGINT NOT NULL,
    hours BIGINT NOT NULL CHECK (hours BETWEEN 1 AND 12), -- counted against the program's
    topic TEXT NOT NULL DEFAULT '',
    is_cancelled BIGINT NOT NULL DEFAULT 0 CHECK (is_cancelled IN (0, 1)),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 720)
);
CREATE INDEX session_by_class ON class_session (class_id, starts_at);
CREATE INDEX session_by_room ON class_session (room_id, starts_at);
CREATE INDEX session_by_instructor ON class_session (instructor_number, starts_at);

-- One row per person and class; a person who comes again after a withdrawal has the same row.
CREATE TABLE enrollment (
    enrollment_id INTEGER PRIMARY KEY AUTOINCREMENT,
    class_id BIGINT NOT NULL REFERENCES training_class (class_id),
    learner_id BIGINT NOT NULL REFERENCES learner (learner_id),
    division TEXT NOT NULL, -- the class's
    state TEXT NOT NULL CHECK (state IN ('applied', 'waiting', 'offered', 'seated', 'refused', 'withdrawn',
        'transferred', 'completed', 'dropped')), -- applied: awaits approval or the lottery
    sequence BIGINT NOT NULL, -- in the class, in the order of commit
    priority BIGINT NOT NULL DEFAULT 9, -- 0 comes first
    lottery_rank BIGINT,
    offered_until TEXT, -- ISO 8601 with zone
    low_income TEXT NOT NULL DEFAULT 'unasked' CHECK (low_income IN ('unasked', 'yes', 'no', 'unchecked')),
    low_income_at TEXT, -- when aid was asked
    source TEXT NOT NULL DEFAULT 'self' CHECK (source IN ('self', 'staff', 'offer', 'import')),
    reason TEXT NOT NULL DEFAULT '', -- of a refusal, withdrawal, transfer or drop-out: a code
    note TEXT NOT NULL DEFAULT '',
    transfer_wanted BIGINT REFERENCES training_class (class_id), -- the learner asks to be moved there
    transferred_to BIGINT REFERENCES enrollment (enrollment_id),
    entered_by TEXT NOT NULL DEFAULT '', -- account, where staff signed the person up
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (class_id, learner_id),
    UNIQUE (class_id, sequence),
    CHECK ((state = 'offered') = (offered_until IS NOT NULL))
);
CREATE INDEX enrollment_by_learner ON enrollment (learner_id, state);
CREATE INDEX enrollment_by_division ON enrollment (division, enrollment_id);
CREATE INDEX enrollment_by_division_state ON enrollment (division, state, enrollment_id);
CREATE INDEX enrollment_by_offer ON enrollment (offered_until) WHERE state = 'offered';
CREATE INDEX enrollment_by_class_state ON enrollment (class_id, state, sequence);
CREATE INDEX enrollment_by_class ON enrollment (class_id, enrollment_id);
CREATE INDEX enrollment_waiting ON enrollment (class_id) WHERE state = 'waiting';
CREATE INDEX enrollment_unchecked ON enrollment (enrollment_id) WHERE low_income = 'unchecked';
CREATE INDEX enrollment_wants_transfer ON enrollment (division, enrollment_id) WHERE transfer_wanted IS NOT NULL;

-- A lottery's seed: one person enters what was drawn in public, another confirms it; then it cannot be changed.
CREATE TABLE lottery_draw (
    class_id BIGINT PRIMARY KEY NOT NULL REFERENCES training_class (class_id),
    seed TEXT NOT NULL CHECK (seed <> ''),
    source TEXT NOT NULL CHECK (source <> ''), -- where and when it was drawn, or which public number it is
    entered_by TEXT NOT NULL,
    entered_at TEXT NOT NULL,
    confirmed_by TEXT,
    confirmed_at TEXT,
    ranked TEXT NOT NULL DEFAULT '', -- the references by rank, comma-separated, as they were drawn
    CHECK (confirmed_by IS NULL OR confirmed_by <> entered_by),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);

CREATE TRIGGER session_clash_new BEFORE INSERT ON class_session WHEN NEW.is_cancelled = 0
BEGIN
    SELECT RAISE(ABORT, 'room_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.room_id = NEW.room_id AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'instructor_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.instructor_number = NEW.instructor_number AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM enrollment e JOIN enrollment o ON o.learner_id = e.learner_id AND o.class_id <> e.class_id
            AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at
        WHERE e.class_id = NEW.class_id AND e.state IN ('offered', 'seated'));
END;
CREATE TRIGGER session_clash_changed BEFORE UPDATE OF room_id, instructor_id, instructor_number, starts_at, ends_at,
    is_cancelled ON class_session WHEN NEW.is_cancelled = 0
BEGIN
    SELECT RAISE(ABORT, 'room_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.room_id = NEW.room_id AND s.is_cancelled = 0
            AND s.session_id <> NEW.session_id
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'instructor_clash') WHERE EXISTS (
        SELECT 1 FROM class_session s WHERE s.instructor_number = NEW.instructor_number AND s.is_cancelled = 0
            AND s.session_id <> NEW.session_id
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at);
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM enrollment e JOIN enrollment o ON o.learner_id = e.learner_id AND o.class_id <> e.class_id
            AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < NEW.ends_at AND s.starts_at > NEW.starts_at - 721 AND s.ends_at > NEW.starts_at
        WHERE e.class_id = NEW.class_id AND e.state IN ('offered', 'seated'));
END;
CREATE TRIGGER enrollment_clash_new BEFORE INSERT ON enrollment WHEN NEW.state IN ('offered', 'seated')
BEGIN
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM class_session mine JOIN enrollment o ON o.learner_id = NEW.learner_id
            AND o.class_id <> NEW.class_id AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < mine.ends_at AND s.ends_at > mine.starts_at
        WHERE mine.class_id = NEW.class_id AND mine.is_cancelled = 0);
END;
CREATE TRIGGER enrollment_clash_changed BEFORE UPDATE OF state ON enrollment
    WHEN NEW.state IN ('offered', 'seated') AND OLD.state NOT IN ('offered', 'seated')
BEGIN
    SELECT RAISE(ABORT, 'learner_clash') WHERE EXISTS (
        SELECT 1 FROM class_session mine JOIN enrollment o ON o.learner_id = NEW.learner_id
            AND o.class_id <> NEW.class_id AND o.state IN ('offered', 'seated')
        JOIN class_session s ON s.class_id = o.class_id AND s.is_cancelled = 0
            AND s.starts_at < mine.ends_at AND s.ends_at > mine.starts_at
        WHERE mine.class_id = NEW.class_id AND mine.is_cancelled = 0);
END;
