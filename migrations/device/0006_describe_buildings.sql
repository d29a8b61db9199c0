-- What a team calls a landing.
ALTER TABLE turf_door ADD COLUMN landing TEXT NOT NULL DEFAULT '';

-- How one gets into a building.
CREATE TABLE turf_access (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('open', 'code', 'badge', 'caretaker', 'locked')),
    code TEXT NOT NULL,
    code_ends INTEGER NOT NULL,
    PRIMARY KEY (turf, address)
) STRICT, WITHOUT ROWID;
