-- What the reports add up to, so that a total costs what it shows and not what was reported.
CREATE TABLE sums (
    campaign bytea NOT NULL CHECK (octet_length(campaign) = 32),
    along text COLLATE "C" NOT NULL CHECK (along IN ('station', 'day', 'team')),
    key text COLLATE "C" NOT NULL,
    lines bigint NOT NULL,
    absent bigint NOT NULL,
    spoke bigint NOT NULL,
    refused bigint NOT NULL,
    come_back bigint NOT NULL,
    inaccessible bigint NOT NULL,
    vacant bigint NOT NULL,
    do_not_contact bigint NOT NULL,
    leaflets bigint NOT NULL,
    PRIMARY KEY (campaign, along, key)
) WITH (fillfactor = 70);

CREATE INDEX sums_of_nothing ON sums (campaign) WHERE lines = 0;

INSERT INTO sums (campaign, along, key, lines, absent, spoke, refused, come_back,
                  inaccessible, vacant, do_not_contact, leaflets)
SELECT t.campaign, k.along, k.key, count(*), sum(absent), sum(spoke), sum(refused),
       sum(come_back), sum(inaccessible), sum(vacant), sum(do_not_contact), sum(leaflets)
FROM tallies t CROSS JOIN LATERAL
     (VALUES ('station', t.station), ('day', t.day), ('team', encode(t.team, 'hex')))
     AS k (along, key)
GROUP BY t.campaign, k.along, k.key;
