-- The line of somebody who was removed ends where their removal stands in the relay's log.
CREATE TABLE removal (
    space BLOB NOT NULL,
    device BLOB NOT NULL,
    until INTEGER NOT NULL,
    closed INTEGER NOT NULL,
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

-- What was removed before had been read already.
INSERT INTO removal (space, device, until, closed)
    SELECT space, device, last_seq, 1 FROM peer WHERE revoked = 1;

CREATE TABLE unread (
    n INTEGER NOT NULL PRIMARY KEY
) STRICT;
