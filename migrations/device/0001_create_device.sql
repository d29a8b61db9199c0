CREATE TABLE device (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seed BLOB NOT NULL,
    life INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE membership (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    campaign BLOB NOT NULL,
    relay TEXT NOT NULL,
    chain BLOB NOT NULL,
    pseudonym TEXT NOT NULL,
    joined_at INTEGER NOT NULL
) STRICT;

CREATE TABLE joining (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    invitation BLOB NOT NULL,
    record BLOB NOT NULL
) STRICT;

CREATE TABLE root (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    seed BLOB NOT NULL
) STRICT;

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE team_key (
    team BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (team, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursor (
    space BLOB NOT NULL PRIMARY KEY,
    pulled INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE envelope (
    n INTEGER NOT NULL PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    space BLOB NOT NULL,
    device BLOB NOT NULL,
    device_seq INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    document BLOB NOT NULL,
    records INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'refused', 'received')),
    refusal TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX envelope_by_state ON envelope (state, n);
CREATE INDEX envelope_by_sequence ON envelope (space, device, device_seq);

CREATE TABLE pending_change (
    n INTEGER NOT NULL PRIMARY KEY,
    document BLOB NOT NULL,
    records INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX pending_change_by_document ON pending_change (document, n);

CREATE TABLE set_aside (
    id BLOB NOT NULL PRIMARY KEY,
    space BLOB NOT NULL,
    refusal TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE unreported_day (
    day TEXT NOT NULL,
    team BLOB NOT NULL,
    PRIMARY KEY (day, team)
) STRICT, WITHOUT ROWID;

CREATE TABLE peer (
    space BLOB NOT NULL,
    device BLOB NOT NULL,
    chain BLOB NOT NULL,
    last_seq INTEGER NOT NULL,
    last_id BLOB NOT NULL,
    revoked INTEGER NOT NULL,
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
    id BLOB NOT NULL PRIMARY KEY,
    kind INTEGER NOT NULL,
    space BLOB NOT NULL,
    device BLOB NOT NULL,
    version INTEGER NOT NULL,
    saved BLOB NOT NULL
) STRICT;

CREATE TABLE campaign (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    territory TEXT NOT NULL
) STRICT;

CREATE TABLE team (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    member_limit INTEGER NOT NULL,
    policy TEXT NOT NULL CHECK (policy IN ('open', 'approved'))
) STRICT;

CREATE TABLE member (
    team BLOB NOT NULL,
    device BLOB NOT NULL,
    pseudonym TEXT NOT NULL,
    PRIMARY KEY (team, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE turf (
    id BLOB NOT NULL PRIMARY KEY,
    team BLOB NOT NULL,
    name TEXT NOT NULL,
    station TEXT NOT NULL
) STRICT;

CREATE TABLE turf_address (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE,
    address TEXT NOT NULL,
    PRIMARY KEY (turf, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE turf_door (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE,
    door TEXT NOT NULL,
    address TEXT NOT NULL,
    stair TEXT NOT NULL,
    floor INTEGER NOT NULL,
    label TEXT NOT NULL,
    PRIMARY KEY (turf, door)
) STRICT, WITHOUT ROWID;
CREATE INDEX turf_door_by_address ON turf_door (address);

CREATE TABLE shift (
    id BLOB NOT NULL PRIMARY KEY,
    device BLOB NOT NULL,
    team BLOB NOT NULL,
    turf BLOB NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX shift_by_turf ON shift (device, turf, closed_at);

CREATE TABLE visit (
    shift BLOB NOT NULL,
    id BLOB NOT NULL,
    device BLOB NOT NULL,
    door TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    leaflet INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (shift, id)
) STRICT;
CREATE INDEX visit_by_door ON visit (door, at DESC, device DESC, id DESC) WHERE standing = 1;
CREATE INDEX visit_by_device ON visit (device, at) WHERE standing = 1;
CREATE INDEX visit_by_id ON visit (id);

CREATE TABLE turnout (
    document BLOB NOT NULL,
    day TEXT NOT NULL,
    station TEXT NOT NULL,
    hour TEXT NOT NULL,
    votes INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (document, station, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE station (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    commune TEXT NOT NULL,
    name TEXT NOT NULL,
    perimeter TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE address (
    id TEXT NOT NULL PRIMARY KEY,
    place INTEGER NOT NULL,
    number TEXT NOT NULL,
    street TEXT NOT NULL,
    postcode TEXT NOT NULL,
    commune TEXT NOT NULL,
    commune_code TEXT NOT NULL,
    lon REAL NOT NULL,
    lat REAL NOT NULL,
    station TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX address_by_station ON address (station, place);

CREATE TABLE past_result (
    station TEXT NOT NULL,
    ballot TEXT NOT NULL,
    registered INTEGER,
    votes INTEGER,
    PRIMARY KEY (station, ballot)
) STRICT, WITHOUT ROWID;

CREATE TABLE relay_totals (
    grouping TEXT NOT NULL PRIMARY KEY,
    answer TEXT NOT NULL
) STRICT, WITHOUT ROWID;
