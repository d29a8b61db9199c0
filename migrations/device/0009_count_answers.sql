-- What was answered at a station and waits for its batch. A row has one width whatever it holds,
-- and no order, moment or door.
CREATE TABLE answer_batch (
    team BLOB NOT NULL,
    station TEXT NOT NULL,
    numbers BLOB NOT NULL CHECK (length(numbers) = 64),
    PRIMARY KEY (team, station)
) STRICT, WITHOUT ROWID;
