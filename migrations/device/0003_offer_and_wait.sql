-- What the relay is to be offered, what waits for something else, and what is written again.
CREATE TABLE offer (
    n INTEGER NOT NULL PRIMARY KEY,
    rank INTEGER NOT NULL,
    refusal TEXT NOT NULL
) STRICT;
CREATE INDEX offer_in_order ON offer (refusal, rank, n);
INSERT INTO offer (n, rank, refusal) SELECT n, 1, '' FROM envelope WHERE state = 'queued';

CREATE TABLE behind (
    space BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE pending_body (
    n INTEGER NOT NULL PRIMARY KEY,
    space BLOB NOT NULL,
    kind INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE pending_turnout (
    day TEXT NOT NULL,
    station TEXT NOT NULL,
    hour TEXT NOT NULL,
    votes INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (day, station, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE waiting (
    id BLOB NOT NULL PRIMARY KEY,
    space BLOB NOT NULL,
    device BLOB NOT NULL,
    device_seq INTEGER NOT NULL,
    refusal TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
CREATE INDEX waiting_by_sequence ON waiting (space, device, device_seq);

CREATE TABLE unapplied (
    id BLOB NOT NULL PRIMARY KEY,
    space BLOB NOT NULL,
    document BLOB NOT NULL,
    refusal TEXT NOT NULL
) STRICT;
CREATE INDEX unapplied_by_document ON unapplied (document);

CREATE TABLE peer_cursor (
    peer BLOB NOT NULL,
    space BLOB NOT NULL,
    pulled INTEGER NOT NULL,
    PRIMARY KEY (peer, space)
) STRICT, WITHOUT ROWID;

-- What was set aside before for want of something that may come.
INSERT INTO unapplied (id, space, document, refusal)
    SELECT s.id, s.space, e.document, s.refusal FROM set_aside AS s JOIN envelope AS e ON e.id = s.id
    WHERE s.refusal IN ('key_unknown', 'cannot_open', 'missing_dependency', 'gap', 'bad_time');
DELETE FROM set_aside WHERE id IN (SELECT id FROM unapplied);
