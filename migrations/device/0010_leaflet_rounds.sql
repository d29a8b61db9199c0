-- Leaflet rounds of turfs, and what was noted of the letter boxes of each building.
CREATE TABLE round (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE,
    id BLOB NOT NULL,
    name TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    PRIMARY KEY (turf, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE handout (
    shift BLOB NOT NULL,
    id BLOB NOT NULL,
    device BLOB NOT NULL,
    round BLOB NOT NULL,
    address TEXT NOT NULL,
    boxes TEXT NOT NULL,
    count INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (shift, id)
) STRICT;
CREATE INDEX handout_by_round ON handout (round, device);
