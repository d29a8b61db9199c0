-- Requests to join a team that accepts its members. See ../relay.schema.sql for every column.

CREATE TABLE requests (
    campaign BLOB NOT NULL,
    device BLOB NOT NULL,
    space BLOB NOT NULL,
    invitation BLOB NOT NULL,
    expires INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    asked_at INTEGER NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (campaign, device, space)
) STRICT;

CREATE INDEX requests_by_space ON requests (campaign, space, asked_at);

CREATE INDEX requests_by_invitation ON requests (campaign, invitation);

ALTER TABLE redemptions ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
