-- The whole schema of a relay's SQLite store after every migration. A test holds it equal to
-- the real database. Moments are milliseconds since 1970; ids are bytes.
--
-- `log`, `packs`, `requests` and `relay` are the record, and so are redemptions that were asked
-- for. Everything else follows from the log, and `palier-relay rebuild` makes it again.

-- What this store is.
CREATE TABLE relay (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),       -- always 1: there is one line
    incarnation BLOB NOT NULL CHECK (length(incarnation) = 16), -- the life of this store, random
    since INTEGER NOT NULL                                  -- when it began
) STRICT;

-- The last opening of this store. A file beside it says the same; where it does not, the store
-- was put back from a copy, and a new life begins.
CREATE TABLE opening (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),       -- always 1: there is one line
    token BLOB NOT NULL CHECK (length(token) = 16)          -- random, another at each opening
) STRICT;

-- The counter of each space. It is raised in the transaction that adds to the log, so that
-- places have no gap and a reader never misses one.
CREATE TABLE spaces (
    campaign BLOB NOT NULL,     -- the campaign, by its root key
    space BLOB NOT NULL,        -- the space
    head INTEGER NOT NULL,      -- the last place of its log
    PRIMARY KEY (campaign, space)
) STRICT, WITHOUT ROWID;

-- Every envelope taken, as it came. An id needs no index of its own: it is the hash of bytes
-- that hold campaign, space, device and sequence, which are unique here.
CREATE TABLE log (
    place INTEGER NOT NULL PRIMARY KEY, -- the order of arrival over all spaces, for a rebuild
    campaign BLOB NOT NULL,     -- the campaign
    space BLOB NOT NULL,        -- the space
    seq INTEGER NOT NULL,       -- its place in the space, from 1, without gaps
    device BLOB NOT NULL,       -- who wrote and signed it
    device_seq INTEGER NOT NULL, -- its place among the device's envelopes in the space, from 1
    id BLOB NOT NULL,           -- SHA-256 of its bytes
    kind INTEGER NOT NULL,      -- the byte of its kind
    document BLOB NOT NULL,     -- the document that it changes, zeros where none
    bytes BLOB NOT NULL,        -- the whole envelope; what is sealed in it stays sealed
    received_at INTEGER NOT NULL, -- when it was taken; what it was checked against
    UNIQUE (campaign, space, seq),
    UNIQUE (campaign, space, device, device_seq)
) STRICT;

-- Which device introduced itself in which space, with the rights of the chain it showed
-- there, and where its sequence stands.
CREATE TABLE introductions (
    campaign BLOB NOT NULL,     -- the campaign
    device BLOB NOT NULL,       -- the device
    space BLOB NOT NULL,        -- where it introduced itself
    role INTEGER NOT NULL,      -- the byte of its role
    scope BLOB NOT NULL,        -- its scope, in the layout of certificates
    team BLOB NOT NULL,         -- the scope's team, empty where none: to count members
    receive BLOB NOT NULL,      -- the key that things are sealed to
    not_after INTEGER NOT NULL, -- until when the rights hold
    last_seq INTEGER NOT NULL,  -- the sequence of its last envelope in this space
    last_id BLOB NOT NULL,      -- the id of that envelope
    PRIMARY KEY (campaign, device, space)
) STRICT, WITHOUT ROWID;

CREATE INDEX introductions_by_team ON introductions (campaign, team, device);

-- Devices whose rights were taken back, in every space at once.
CREATE TABLE revocations (
    campaign BLOB NOT NULL,     -- the campaign
    device BLOB NOT NULL,       -- the device
    revoked_at INTEGER NOT NULL, -- when the relay learned it
    PRIMARY KEY (campaign, device)
) STRICT, WITHOUT ROWID;

-- Invitations, the last record of each.
CREATE TABLE invitations (
    campaign BLOB NOT NULL,     -- the campaign
    key BLOB NOT NULL,          -- the invitation's public key, which is its name
    issuer BLOB NOT NULL,       -- the device that invites
    approved INTEGER NOT NULL,  -- 1 where a lead accepts each request
    uses INTEGER NOT NULL,      -- how many devices may use it
    member_limit INTEGER NOT NULL, -- how many members the team may have; 0 where no team
    expires INTEGER NOT NULL,   -- until when it may be used
    record BLOB NOT NULL,       -- what is handed to those who hold the link
    team BLOB NOT NULL DEFAULT x'', -- the team it leads into, empty where none
    PRIMARY KEY (campaign, key)
) STRICT;

CREATE INDEX invitations_by_team ON invitations (campaign, team, member_limit);

-- Which device used which invitation: a device counts once, in however many spaces.
CREATE TABLE redemptions (
    campaign BLOB NOT NULL,     -- the campaign
    key BLOB NOT NULL,          -- the invitation
    device BLOB NOT NULL,       -- the device that it let in
    redeemed_at INTEGER NOT NULL, -- when
    asked INTEGER NOT NULL DEFAULT 0, -- 1 where a lead accepted a request: the log does not tell
    PRIMARY KEY (campaign, key, device),
    FOREIGN KEY (campaign, key) REFERENCES invitations (campaign, key)
) STRICT, WITHOUT ROWID;

-- Who asks to join a team that accepts its members, until the device is in, declined, or the
-- invitation has ended. They are no part of the log.
CREATE TABLE requests (
    campaign BLOB NOT NULL,     -- the campaign
    device BLOB NOT NULL,       -- who asks
    space BLOB NOT NULL,        -- the space of the team
    invitation BLOB NOT NULL,   -- the invitation's public key
    expires INTEGER NOT NULL,   -- when the invitation ends, and the waiting with it
    bytes BLOB NOT NULL,        -- the envelope, as it came; the pseudonym in it is sealed
    asked_at INTEGER NOT NULL,  -- when it first came
    answer BLOB NOT NULL,       -- the chain by which a lead accepted, empty while it waits
    PRIMARY KEY (campaign, device, space)
) STRICT;

CREATE INDEX requests_by_space ON requests (campaign, space, asked_at);

CREATE INDEX requests_by_invitation ON requests (campaign, invitation);

-- The report documents, as the last change left them.
CREATE TABLE reports (
    campaign BLOB NOT NULL,     -- the campaign
    document BLOB NOT NULL,     -- the report: one device, one day, one team
    device BLOB NOT NULL,       -- who counts in it
    saved BLOB NOT NULL,        -- the document, so that the next change is checked against it
    PRIMARY KEY (campaign, document)
) STRICT;

-- What the reports count, one line for each report and station.
CREATE TABLE tallies (
    campaign BLOB NOT NULL,     -- the campaign
    document BLOB NOT NULL,     -- the report
    station TEXT NOT NULL,      -- the station, `-` for addresses that stand in none
    day TEXT NOT NULL,          -- the day on the campaign's clock, YYYY-MM-DD
    team BLOB NOT NULL,         -- the team, empty where none
    absent INTEGER NOT NULL,    -- nobody opened
    spoke INTEGER NOT NULL,     -- somebody talked
    refused INTEGER NOT NULL,   -- somebody declined
    come_back INTEGER NOT NULL, -- somebody asked to come back
    inaccessible INTEGER NOT NULL, -- the door could not be reached
    vacant INTEGER NOT NULL,    -- nobody lives there
    do_not_contact INTEGER NOT NULL, -- somebody asked never to be contacted
    leaflets INTEGER NOT NULL,  -- leaflets left
    doors INTEGER NOT NULL DEFAULT 0, -- opened doors that the answers may be of
    support_1 INTEGER NOT NULL DEFAULT 0, -- support for the campaign, from 1
    support_2 INTEGER NOT NULL DEFAULT 0, -- …
    support_3 INTEGER NOT NULL DEFAULT 0, -- …
    support_4 INTEGER NOT NULL DEFAULT 0, -- …
    support_5 INTEGER NOT NULL DEFAULT 0, -- to 5
    registration INTEGER NOT NULL DEFAULT 0, -- trouble with the registration as a voter
    proxy INTEGER NOT NULL DEFAULT 0, -- wishes for a proxy
    PRIMARY KEY (campaign, document, station),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
) STRICT, WITHOUT ROWID;

-- What those lines add up to, along each of what totals are asked by. Kept in the transaction that
-- changes the lines, so that a total costs what it shows and not what was reported.
CREATE TABLE sums (
    campaign BLOB NOT NULL,     -- the campaign
    along TEXT NOT NULL CHECK (along IN ('station', 'day', 'team')), -- what is told apart
    key TEXT NOT NULL,          -- the station, the day, or the team in hexadecimal
    lines INTEGER NOT NULL,     -- how many lines of `tallies` are in it
    absent INTEGER NOT NULL, -- nobody opened
    spoke INTEGER NOT NULL, -- somebody talked
    refused INTEGER NOT NULL, -- somebody declined
    come_back INTEGER NOT NULL, -- somebody asked to come back
    inaccessible INTEGER NOT NULL, -- the door could not be reached
    vacant INTEGER NOT NULL, -- nobody lives there
    do_not_contact INTEGER NOT NULL, -- somebody asked never to be contacted
    leaflets INTEGER NOT NULL, -- leaflets left
    doors INTEGER NOT NULL DEFAULT 0, -- opened doors that the answers may be of
    support_1 INTEGER NOT NULL DEFAULT 0, -- support for the campaign, from 1
    support_2 INTEGER NOT NULL DEFAULT 0, -- …
    support_3 INTEGER NOT NULL DEFAULT 0, -- …
    support_4 INTEGER NOT NULL DEFAULT 0, -- …
    support_5 INTEGER NOT NULL DEFAULT 0, -- to 5
    registration INTEGER NOT NULL DEFAULT 0, -- trouble with the registration as a voter
    proxy INTEGER NOT NULL DEFAULT 0, -- wishes for a proxy
    PRIMARY KEY (campaign, along, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX sums_of_nothing ON sums (campaign) WHERE lines = 0;

-- Ballots cast so far, as each observer counted them; the latest one speaks for its hour.
CREATE TABLE turnout (
    campaign BLOB NOT NULL,     -- the campaign
    document BLOB NOT NULL,     -- the report
    station TEXT NOT NULL,      -- the station
    hour TEXT NOT NULL,         -- the hour of the count, HH:MM
    day TEXT NOT NULL,          -- the day, YYYY-MM-DD
    device BLOB NOT NULL,       -- who counted
    at INTEGER NOT NULL,        -- when it was written down
    votes INTEGER NOT NULL,     -- ballots since the opening
    PRIMARY KEY (campaign, document, station, hour),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
) STRICT, WITHOUT ROWID;

CREATE INDEX turnout_by_station ON turnout (campaign, station, day, hour, at, device, votes);

-- Territory packs: only whole ones are kept.
CREATE TABLE packs (
    campaign BLOB NOT NULL,     -- the campaign
    hash BLOB NOT NULL,         -- SHA-256 of its bytes, which is its name
    size INTEGER NOT NULL,      -- bytes in all
    received_at INTEGER NOT NULL, -- when it came
    PRIMARY KEY (campaign, hash)
) STRICT, WITHOUT ROWID;

-- Their bytes, in parts of one MiB, so that a download needs no more memory than one.
CREATE TABLE pack_parts (
    campaign BLOB NOT NULL,     -- the campaign
    hash BLOB NOT NULL,         -- the pack
    part INTEGER NOT NULL,      -- which part, from 0
    bytes BLOB NOT NULL,        -- the part's bytes
    UNIQUE (campaign, hash, part),
    FOREIGN KEY (campaign, hash) REFERENCES packs (campaign, hash)
) STRICT;
