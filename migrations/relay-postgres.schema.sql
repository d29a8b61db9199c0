-- The whole schema of a relay's PostgreSQL store after every step. A test holds it equal to the
-- real database. Moments are milliseconds since 1970; ids are bytes of a fixed length.
--
-- `log`, `packs`, `requests` and `relay` are the record, and so are redemptions that were asked
-- for. Everything else follows from the log, and `palier-relay rebuild` makes it again.

-- Which steps of `relay-postgres/` were taken.
CREATE TABLE steps (
    step integer PRIMARY KEY, -- the number of its file
    taken_at bigint NOT NULL -- when
);

-- What this store is.
CREATE TABLE relay (
    one integer PRIMARY KEY CHECK (one = 1), -- always 1: there is one line
    incarnation bytea NOT NULL CHECK (octet_length(incarnation) = 16), -- the life of this store, random
    since bigint NOT NULL -- when it began
);

-- Turns of each campaign: what changes who may do what comes alone, in a turn of its own; what
-- only adds to a document shares one.
CREATE TABLE campaigns (
    campaign bytea PRIMARY KEY CHECK (octet_length(campaign) = 32), -- the campaign, by its root key
    turn bigint NOT NULL -- the turn of those who share one now
) WITH (fillfactor = 50);

-- The counter of each space. It is raised in the transaction that adds to the log, so that
-- places have no gap and a reader never misses one.
CREATE TABLE spaces (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign, by its root key
    space bytea NOT NULL CHECK (octet_length(space) = 16), -- the space
    head bigint NOT NULL, -- the last place of its log
    PRIMARY KEY (campaign, space)
) WITH (fillfactor = 50);

-- Every envelope taken, as it came, in sixteen parts by campaign and space. An id needs no index
-- of its own: it is the hash of bytes that hold campaign, space, device and sequence, which are
-- unique here.
CREATE TABLE log (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    space bytea NOT NULL CHECK (octet_length(space) = 16), -- the space
    seq bigint NOT NULL CHECK (seq > 0), -- its place in the space, from 1, without gaps
    device bytea NOT NULL CHECK (octet_length(device) = 32), -- who wrote and signed it
    device_seq bigint NOT NULL CHECK (device_seq > 0), -- its place among the device's envelopes in the space, from 1
    id bytea NOT NULL CHECK (octet_length(id) = 32), -- SHA-256 of its bytes
    kind smallint NOT NULL, -- the byte of its kind
    document bytea NOT NULL CHECK (octet_length(document) = 16), -- the document that it changes, zeros where none
    bytes bytea NOT NULL, -- the whole envelope; what is sealed in it stays sealed
    received_at bigint NOT NULL, -- when it was taken; what it was checked against
    turn bigint NOT NULL, -- its turn in the campaign, for a rebuild: replayed by turn, space and place
    PRIMARY KEY (campaign, space, seq),
    UNIQUE (campaign, space, device, device_seq)
) PARTITION BY HASH (campaign, space);

-- Sealed bodies do not compress: trying would only cost time.
ALTER TABLE log ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE log_00 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 0);
CREATE TABLE log_01 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 1);
CREATE TABLE log_02 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 2);
CREATE TABLE log_03 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 3);
CREATE TABLE log_04 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 4);
CREATE TABLE log_05 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 5);
CREATE TABLE log_06 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 6);
CREATE TABLE log_07 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 7);
CREATE TABLE log_08 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 8);
CREATE TABLE log_09 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 9);
CREATE TABLE log_10 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 10);
CREATE TABLE log_11 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 11);
CREATE TABLE log_12 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 12);
CREATE TABLE log_13 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 13);
CREATE TABLE log_14 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 14);
CREATE TABLE log_15 PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER 15);

-- Which device introduced itself in which space, with the rights of the chain it showed
-- there, and where its sequence stands.
CREATE TABLE introductions (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    device bytea NOT NULL CHECK (octet_length(device) = 32), -- the device
    space bytea NOT NULL CHECK (octet_length(space) = 16), -- where it introduced itself
    role smallint NOT NULL, -- the byte of its role
    scope bytea NOT NULL, -- its scope, in the layout of certificates
    team bytea NOT NULL CHECK (octet_length(team) IN (0, 16)), -- the scope's team, empty where none: to count members
    receive bytea NOT NULL CHECK (octet_length(receive) = 32), -- the key that things are sealed to
    not_after bigint NOT NULL, -- until when the rights hold
    last_seq bigint NOT NULL, -- the sequence of its last envelope in this space
    last_id bytea NOT NULL CHECK (octet_length(last_id) = 32), -- the id of that envelope
    PRIMARY KEY (campaign, device, space)
) WITH (fillfactor = 70);

CREATE INDEX introductions_by_team ON introductions (campaign, team, device);

-- Devices whose rights were taken back, in every space at once.
CREATE TABLE revocations (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    device bytea NOT NULL CHECK (octet_length(device) = 32), -- the device
    revoked_at bigint NOT NULL, -- when the relay learned it
    PRIMARY KEY (campaign, device)
);

-- Invitations, the last record of each.
CREATE TABLE invitations (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    key bytea NOT NULL CHECK (octet_length(key) = 32), -- the invitation's public key, which is its name
    issuer bytea NOT NULL CHECK (octet_length(issuer) = 32), -- the device that invites
    approved boolean NOT NULL, -- whether a lead accepts each request
    uses integer NOT NULL, -- how many devices may use it
    member_limit integer NOT NULL, -- how many members the team may have; 0 where no team
    expires bigint NOT NULL, -- until when it may be used
    record bytea NOT NULL, -- what is handed to those who hold the link
    team bytea NOT NULL CHECK (octet_length(team) IN (0, 16)), -- the team it leads into, empty where none
    PRIMARY KEY (campaign, key)
);

CREATE INDEX invitations_by_team ON invitations (campaign, team, member_limit);

-- Which device used which invitation: a device counts once, in however many spaces.
CREATE TABLE redemptions (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    key bytea NOT NULL CHECK (octet_length(key) = 32), -- the invitation
    device bytea NOT NULL CHECK (octet_length(device) = 32), -- the device that it let in
    redeemed_at bigint NOT NULL, -- when
    asked boolean NOT NULL, -- whether a lead accepted a request: the log does not tell
    PRIMARY KEY (campaign, key, device),
    FOREIGN KEY (campaign, key) REFERENCES invitations (campaign, key)
);

-- Who asks to join a team that accepts its members, until the device is in, declined, or the
-- invitation has ended. They are no part of the log.
CREATE TABLE requests (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    device bytea NOT NULL CHECK (octet_length(device) = 32), -- who asks
    space bytea NOT NULL CHECK (octet_length(space) = 16), -- the space of the team
    invitation bytea NOT NULL CHECK (octet_length(invitation) = 32), -- the invitation's public key
    expires bigint NOT NULL, -- when the invitation ends, and the waiting with it
    bytes bytea NOT NULL, -- the envelope, as it came; the pseudonym in it is sealed
    asked_at bigint NOT NULL, -- when it first came
    answer bytea NOT NULL, -- the chain by which a lead accepted, empty while it waits
    PRIMARY KEY (campaign, device, space)
);

CREATE INDEX requests_by_space ON requests (campaign, space, asked_at);

CREATE INDEX requests_by_invitation ON requests (campaign, invitation);

-- The report documents, as the last change left them.
CREATE TABLE reports (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    document bytea NOT NULL CHECK (octet_length(document) = 16), -- the report: one device, one day, one team
    device bytea NOT NULL CHECK (octet_length(device) = 32), -- who counts in it
    saved bytea NOT NULL, -- the document, so that the next change is checked against it
    PRIMARY KEY (campaign, document)
) WITH (fillfactor = 70);

-- What the reports count, one line for each report and station.
CREATE TABLE tallies (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    document bytea NOT NULL CHECK (octet_length(document) = 16), -- the report
    station text COLLATE "C" NOT NULL, -- the station, `-` for addresses that stand in none
    day text COLLATE "C" NOT NULL CHECK (octet_length(day) = 10), -- the day on the campaign's clock, YYYY-MM-DD
    team bytea NOT NULL CHECK (octet_length(team) IN (0, 16)), -- the team, empty where none
    absent bigint NOT NULL, -- nobody opened
    spoke bigint NOT NULL, -- somebody talked
    refused bigint NOT NULL, -- somebody declined
    come_back bigint NOT NULL, -- somebody asked to come back
    inaccessible bigint NOT NULL, -- the door could not be reached
    vacant bigint NOT NULL, -- nobody lives there
    do_not_contact bigint NOT NULL, -- somebody asked never to be contacted
    leaflets bigint NOT NULL, -- leaflets left
    doors bigint NOT NULL DEFAULT 0, -- opened doors that the answers may be of
    support_1 bigint NOT NULL DEFAULT 0, -- support for the campaign, from 1
    support_2 bigint NOT NULL DEFAULT 0, -- …
    support_3 bigint NOT NULL DEFAULT 0, -- …
    support_4 bigint NOT NULL DEFAULT 0, -- …
    support_5 bigint NOT NULL DEFAULT 0, -- to 5
    registration bigint NOT NULL DEFAULT 0, -- trouble with the registration as a voter
    proxy bigint NOT NULL DEFAULT 0, -- wishes for a proxy
    PRIMARY KEY (campaign, document, station),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
) WITH (fillfactor = 70);

-- What those lines add up to, along each of what totals are asked by. Kept in the transaction that
-- changes the lines, so that a total costs what it shows and not what was reported.
CREATE TABLE sums (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    along text COLLATE "C" NOT NULL CHECK (along IN ('station', 'day', 'team')), -- what is told apart
    key text COLLATE "C" NOT NULL, -- the station, the day, or the team in hexadecimal
    lines bigint NOT NULL, -- how many lines of `tallies` are in it
    absent bigint NOT NULL, -- nobody opened
    spoke bigint NOT NULL, -- somebody talked
    refused bigint NOT NULL, -- somebody declined
    come_back bigint NOT NULL, -- somebody asked to come back
    inaccessible bigint NOT NULL, -- the door could not be reached
    vacant bigint NOT NULL, -- nobody lives there
    do_not_contact bigint NOT NULL, -- somebody asked never to be contacted
    leaflets bigint NOT NULL, -- leaflets left
    doors bigint NOT NULL DEFAULT 0, -- opened doors that the answers may be of
    support_1 bigint NOT NULL DEFAULT 0, -- support for the campaign, from 1
    support_2 bigint NOT NULL DEFAULT 0, -- …
    support_3 bigint NOT NULL DEFAULT 0, -- …
    support_4 bigint NOT NULL DEFAULT 0, -- …
    support_5 bigint NOT NULL DEFAULT 0, -- to 5
    registration bigint NOT NULL DEFAULT 0, -- trouble with the registration as a voter
    proxy bigint NOT NULL DEFAULT 0, -- wishes for a proxy
    PRIMARY KEY (campaign, along, key)
) WITH (fillfactor = 70);

CREATE INDEX sums_of_nothing ON sums (campaign) WHERE lines = 0;

-- Ballots cast so far, as each observer counted them; the latest one speaks for its hour.
CREATE TABLE turnout (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    document bytea NOT NULL CHECK (octet_length(document) = 16), -- the report
    station text COLLATE "C" NOT NULL, -- the station
    hour text COLLATE "C" NOT NULL CHECK (octet_length(hour) = 5), -- the hour of the count, HH:MM
    day text COLLATE "C" NOT NULL CHECK (octet_length(day) = 10), -- the day, YYYY-MM-DD
    device bytea NOT NULL CHECK (octet_length(device) = 32), -- who counted
    at bigint NOT NULL, -- when it was written down
    votes bigint NOT NULL, -- ballots since the opening
    PRIMARY KEY (campaign, document, station, hour),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
);

CREATE INDEX turnout_by_station ON turnout (campaign, station, day, hour, at, device, votes);

-- Territory packs: only whole ones are kept.
CREATE TABLE packs (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    hash bytea NOT NULL CHECK (octet_length(hash) = 32), -- SHA-256 of its bytes, which is its name
    size bigint NOT NULL, -- bytes in all
    received_at bigint NOT NULL, -- when it came
    PRIMARY KEY (campaign, hash)
);

-- Their bytes, in parts of one MiB, so that a download needs no more memory than one.
CREATE TABLE pack_parts (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32), -- the campaign
    hash bytea NOT NULL CHECK (octet_length(hash) = 32), -- the pack
    part bigint NOT NULL, -- which part, from 0
    bytes bytea NOT NULL CHECK (octet_length(bytes) <= 1048576), -- the part's bytes
    PRIMARY KEY (campaign, hash, part),
    FOREIGN KEY (campaign, hash) REFERENCES packs (campaign, hash)
);

ALTER TABLE pack_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
