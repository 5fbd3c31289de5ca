-- Door plates (门牌): every shop, hall and village has one, with a code of its own. What stands here is public: it hangs at
-- a door, the helper's name and phone with it.
CREATE TABLE plate (
    code TEXT PRIMARY KEY NOT NULL CHECK (length(code) = 8),
    kind TEXT NOT NULL CHECK (kind IN ('shop', 'hall', 'village')),
    name TEXT NOT NULL CHECK (name <> ''),
    trade TEXT NOT NULL DEFAULT '', -- in everyday words, looked up in the catalogue
    address TEXT NOT NULL DEFAULT '',
    division TEXT NOT NULL CHECK (length(division) IN (2, 4, 6, 9, 12)),
    longitude DOUBLE PRECISION CHECK (longitude BETWEEN -180 AND 180),
    latitude DOUBLE PRECISION CHECK (latitude BETWEEN -90 AND 90),
    helper_name TEXT NOT NULL DEFAULT '',
    helper_phone TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('active', 'moved', 'replaced', 'retired')),
    successor TEXT REFERENCES plate (code), -- the plate that stands for it now
    made_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((longitude IS NULL) = (latitude IS NULL)),
    CHECK ((state IN ('moved', 'replaced')) = (successor IS NOT NULL))
);
CREATE INDEX plate_by_division ON plate (division, code);
CREATE INDEX plate_window ON plate (latitude) WHERE state = 'active' AND kind IN ('hall', 'village');
CREATE INDEX plate_successor ON plate (successor) WHERE successor IS NOT NULL;
