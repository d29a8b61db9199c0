-- The whole schema of a shelf's database, as the steps in shelf/ make it.
-- A test holds it equal to the real one. Nothing here is about a person or a campaign.

-- What holds for every campaign of this device: which is open, and how the interface looks.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY, -- see shelf/memory.rs
    value TEXT NOT NULL -- as text
) STRICT, WITHOUT ROWID;

-- Campaigns that were left and whose files are being removed; finished at the next opening.
CREATE TABLE leaving (
    number INTEGER NOT NULL PRIMARY KEY -- the campaign's number on the shelf
) STRICT;
