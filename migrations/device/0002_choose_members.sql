-- Two leads who change the key at the same time make two keys of one epoch.
ALTER TABLE team_key RENAME TO team_key_before;
CREATE TABLE team_key (
    team BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    key BLOB NOT NULL,
    PRIMARY KEY (team, epoch, key)
) STRICT, WITHOUT ROWID;
INSERT INTO team_key (team, epoch, key) SELECT team, epoch, key FROM team_key_before;
DROP TABLE team_key_before;

CREATE TABLE asking (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    campaign BLOB NOT NULL,
    relay TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    record BLOB NOT NULL,
    envelope BLOB NOT NULL,
    state TEXT NOT NULL
) STRICT;

CREATE TABLE request (
    space BLOB NOT NULL,
    device BLOB NOT NULL,
    envelope BLOB NOT NULL,
    answer TEXT NOT NULL CHECK (answer IN ('waiting', 'accepted', 'declined')),
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;
