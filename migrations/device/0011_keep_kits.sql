-- Versions of kits, each under the digest of what it says.
CREATE TABLE kit (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    language TEXT NOT NULL,
    version BLOB NOT NULL
) STRICT, WITHOUT ROWID;
