-- The rescue chain (救助链): what was done for a household, by whomever; append-only. Each entry is chained by SHA-256 to the
-- household's one before (hash), and all entries to each other in the order of commit (link): RescueEntry says how.
CREATE TABLE chain_entry (
    position BIGINT PRIMARY KEY NOT NULL, -- over all households, from 1, without gaps
    household_id TEXT NOT NULL CHECK (household_id <> ''), -- no foreign key: a chain outlives a place in the register
    sequence BIGINT NOT NULL, -- within the household, from 1, without gaps
    division TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('alert-found', 'alert-closed', 'training-asked', 'offered', 'enrolled', 'certified',
        'placed', 'retained', 'dropped-out')),
    day TEXT NOT NULL, -- ISO 8601, on which it happened
    person_id TEXT NOT NULL, -- the member it is about, '' for the household
    title TEXT NOT NULL,
    source TEXT NOT NULL, -- the service that says so
    actor TEXT NOT NULL, -- who did it, by name at the time; '' for the service itself
    reference TEXT NOT NULL, -- what it is about there
    payload TEXT NOT NULL, -- JSON object
    recorded_at TEXT NOT NULL, -- ISO 8601 with zone
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    link BYTEA NOT NULL CHECK (length(link) = 32),
    UNIQUE (household_id, sequence),
    UNIQUE (source, reference) -- told twice it stands here once
);
CREATE TABLE chain_end (
    only_row BIGINT PRIMARY KEY NOT NULL CHECK (only_row = 1),
    position BIGINT NOT NULL,
    link BYTEA NOT NULL
);
INSERT INTO chain_end VALUES (1, 0, decode(repeat('00', 32), 'hex'));
CREATE FUNCTION rescue_chain_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the rescue chain is append-only'; END $$;
CREATE TRIGGER chain_entry_is_not_changed BEFORE UPDATE OR DELETE ON chain_entry
FOR EACH ROW EXECUTE FUNCTION rescue_chain_is_append_only();
CREATE TRIGGER chain_entry_is_not_emptied BEFORE TRUNCATE ON chain_entry
FOR EACH STATEMENT EXECUTE FUNCTION rescue_chain_is_append_only();

-- For whom training was asked, once each.
CREATE TABLE training_request (
    person_id TEXT PRIMARY KEY NOT NULL CHECK (person_id <> ''),
    household_id TEXT NOT NULL,
    division TEXT NOT NULL,
    asked_at TEXT NOT NULL, -- ISO 8601 with zone
    asked_by TEXT NOT NULL, -- account; '' where a run found it
    run_id BIGINT -- NULL where a person asked
);
