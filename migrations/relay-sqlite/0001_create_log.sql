-- The log, what follows from it, and the packs. See ../relay.schema.sql for every column.

CREATE TABLE relay (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 16),
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE spaces (
    campaign BLOB NOT NULL,
    space BLOB NOT NULL,
    head INTEGER NOT NULL,
    PRIMARY KEY (campaign, space)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (
    place INTEGER NOT NULL PRIMARY KEY,
    campaign BLOB NOT NULL,
    space BLOB NOT NULL,
    seq INTEGER NOT NULL,
    device BLOB NOT NULL,
    device_seq INTEGER NOT NULL,
    id BLOB NOT NULL,
    kind INTEGER NOT NULL,
    document BLOB NOT NULL,
    bytes BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    UNIQUE (campaign, space, seq),
    UNIQUE (campaign, space, device, device_seq)
) STRICT;

CREATE TABLE introductions (
    campaign BLOB NOT NULL,
    device BLOB NOT NULL,
    space BLOB NOT NULL,
    role INTEGER NOT NULL,
    scope BLOB NOT NULL,
    team BLOB NOT NULL,
    receive BLOB NOT NULL,
    not_after INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    last_id BLOB NOT NULL,
    PRIMARY KEY (campaign, device, space)
) STRICT, WITHOUT ROWID;

CREATE INDEX introductions_by_team ON introductions (campaign, team, device);

CREATE TABLE revocations (
    campaign BLOB NOT NULL,
    device BLOB NOT NULL,
    revoked_at INTEGER NOT NULL,
    PRIMARY KEY (campaign, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    campaign BLOB NOT NULL,
    key BLOB NOT NULL,
    issuer BLOB NOT NULL,
    approved INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    member_limit INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (campaign, key)
) STRICT;

CREATE TABLE redemptions (
    campaign BLOB NOT NULL,
    key BLOB NOT NULL,
    device BLOB NOT NULL,
    redeemed_at INTEGER NOT NULL,
    PRIMARY KEY (campaign, key, device),
    FOREIGN KEY (campaign, key) REFERENCES invitations (campaign, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
    campaign BLOB NOT NULL,
    document BLOB NOT NULL,
    device BLOB NOT NULL,
    saved BLOB NOT NULL,
    PRIMARY KEY (campaign, document)
) STRICT;

CREATE TABLE tallies (
    campaign BLOB NOT NULL,
    document BLOB NOT NULL,
    station TEXT NOT NULL,
    day TEXT NOT NULL,
    team BLOB NOT NULL,
    absent INTEGER NOT NULL,
    spoke INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    come_back INTEGER NOT NULL,
    inaccessible INTEGER NOT NULL,
    vacant INTEGER NOT NULL,
    do_not_contact INTEGER NOT NULL,
    leaflets INTEGER NOT NULL,
    PRIMARY KEY (campaign, document, station),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE turnout (
    campaign BLOB NOT NULL,
    document BLOB NOT NULL,
    station TEXT NOT NULL,
    hour TEXT NOT NULL,
    day TEXT NOT NULL,
    device BLOB NOT NULL,
    at INTEGER NOT NULL,
    votes INTEGER NOT NULL,
    PRIMARY KEY (campaign, document, station, hour),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
) STRICT, WITHOUT ROWID;

CREATE INDEX turnout_by_station ON turnout (campaign, station, day, hour, at, device, votes);

CREATE TABLE packs (
    campaign BLOB NOT NULL,
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (campaign, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE pack_parts (
    campaign BLOB NOT NULL,
    hash BLOB NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    UNIQUE (campaign, hash, part),
    FOREIGN KEY (campaign, hash) REFERENCES packs (campaign, hash)
) STRICT;
