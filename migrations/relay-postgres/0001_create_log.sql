-- The log, what follows from it, and the packs. See ../relay-postgres.schema.sql for every
-- column.

CREATE TABLE steps (
    step integer PRIMARY KEY,
    taken_at bigint NOT NULL
);

CREATE TABLE relay (
    one integer PRIMARY KEY CHECK (one = 1),
    incarnation bytea NOT NULL CHECK (octet_length(incarnation) = 16),
    since bigint NOT NULL
);

CREATE TABLE campaigns (
    campaign bytea PRIMARY KEY CHECK (octet_length(campaign) = 32),
    turn bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE spaces (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    space bytea NOT NULL CHECK (octet_length(space) = 16),
    head bigint NOT NULL,
    PRIMARY KEY (campaign, space)
) WITH (fillfactor = 50);

CREATE TABLE log (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    space bytea NOT NULL CHECK (octet_length(space) = 16),
    seq bigint NOT NULL CHECK (seq > 0),
    device bytea NOT NULL CHECK (octet_length(device) = 32),
    device_seq bigint NOT NULL CHECK (device_seq > 0),
    id bytea NOT NULL CHECK (octet_length(id) = 32),
    kind smallint NOT NULL,
    document bytea NOT NULL CHECK (octet_length(document) = 16),
    bytes bytea NOT NULL,
    received_at bigint NOT NULL,
    turn bigint NOT NULL,
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

CREATE TABLE introductions (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    device bytea NOT NULL CHECK (octet_length(device) = 32),
    space bytea NOT NULL CHECK (octet_length(space) = 16),
    role smallint NOT NULL,
    scope bytea NOT NULL,
    team bytea NOT NULL CHECK (octet_length(team) IN (0, 16)),
    receive bytea NOT NULL CHECK (octet_length(receive) = 32),
    not_after bigint NOT NULL,
    last_seq bigint NOT NULL,
    last_id bytea NOT NULL CHECK (octet_length(last_id) = 32),
    PRIMARY KEY (campaign, device, space)
) WITH (fillfactor = 70);

CREATE INDEX introductions_by_team ON introductions (campaign, team, device);

CREATE TABLE revocations (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    device bytea NOT NULL CHECK (octet_length(device) = 32),
    revoked_at bigint NOT NULL,
    PRIMARY KEY (campaign, device)
);

CREATE TABLE invitations (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    issuer bytea NOT NULL CHECK (octet_length(issuer) = 32),
    approved boolean NOT NULL,
    uses integer NOT NULL,
    member_limit integer NOT NULL,
    expires bigint NOT NULL,
    record bytea NOT NULL,
    team bytea NOT NULL CHECK (octet_length(team) IN (0, 16)),
    PRIMARY KEY (campaign, key)
);

CREATE INDEX invitations_by_team ON invitations (campaign, team, member_limit);

CREATE TABLE redemptions (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    device bytea NOT NULL CHECK (octet_length(device) = 32),
    redeemed_at bigint NOT NULL,
    asked boolean NOT NULL,
    PRIMARY KEY (campaign, key, device),
    FOREIGN KEY (campaign, key) REFERENCES invitations (campaign, key)
);

CREATE TABLE requests (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    device bytea NOT NULL CHECK (octet_length(device) = 32),
    space bytea NOT NULL CHECK (octet_length(space) = 16),
    invitation bytea NOT NULL CHECK (octet_length(invitation) = 32),
    expires bigint NOT NULL,
    bytes bytea NOT NULL,
    asked_at bigint NOT NULL,
    answer bytea NOT NULL,
    PRIMARY KEY (campaign, device, space)
);

CREATE INDEX requests_by_space ON requests (campaign, space, asked_at);

CREATE INDEX requests_by_invitation ON requests (campaign, invitation);

CREATE TABLE reports (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    document bytea NOT NULL CHECK (octet_length(document) = 16),
    device bytea NOT NULL CHECK (octet_length(device) = 32),
    saved bytea NOT NULL,
    PRIMARY KEY (campaign, document)
) WITH (fillfactor = 70);

CREATE TABLE tallies (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    document bytea NOT NULL CHECK (octet_length(document) = 16),
    station text COLLATE "C" NOT NULL,
    day text COLLATE "C" NOT NULL CHECK (octet_length(day) = 10),
    team bytea NOT NULL CHECK (octet_length(team) IN (0, 16)),
    absent bigint NOT NULL,
    spoke bigint NOT NULL,
    refused bigint NOT NULL,
    come_back bigint NOT NULL,
    inaccessible bigint NOT NULL,
    vacant bigint NOT NULL,
    do_not_contact bigint NOT NULL,
    leaflets bigint NOT NULL,
    PRIMARY KEY (campaign, document, station),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
) WITH (fillfactor = 70);

CREATE TABLE turnout (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    document bytea NOT NULL CHECK (octet_length(document) = 16),
    station text COLLATE "C" NOT NULL,
    hour text COLLATE "C" NOT NULL CHECK (octet_length(hour) = 5),
    day text COLLATE "C" NOT NULL CHECK (octet_length(day) = 10),
    device bytea NOT NULL CHECK (octet_length(device) = 32),
    at bigint NOT NULL,
    votes bigint NOT NULL,
    PRIMARY KEY (campaign, document, station, hour),
    FOREIGN KEY (campaign, document) REFERENCES reports (campaign, document)
);

CREATE INDEX turnout_by_station ON turnout (campaign, station, day, hour, at, device, votes);

CREATE TABLE packs (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    size bigint NOT NULL,
    received_at bigint NOT NULL,
    PRIMARY KEY (campaign, hash)
);

CREATE TABLE pack_parts (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    part bigint NOT NULL,
    bytes bytea NOT NULL CHECK (octet_length(bytes) <= 1048576),
    PRIMARY KEY (campaign, hash, part),
    FOREIGN KEY (campaign, hash) REFERENCES packs (campaign, hash)
);

ALTER TABLE pack_parts ALTER COLUMN bytes SET STORAGE EXTERNAL;
