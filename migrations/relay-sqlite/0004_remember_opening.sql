-- What a file beside the store says too, so that a copy that was put back is known for one.
CREATE TABLE opening (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    token BLOB NOT NULL CHECK (length(token) = 16)
) STRICT;
