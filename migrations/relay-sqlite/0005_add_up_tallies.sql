-- What the reports add up to, so that a total costs what it shows and not what was reported.
CREATE TABLE sums (
    campaign BLOB NOT NULL,
    along TEXT NOT NULL CHECK (along IN ('station', 'day', 'team')),
    key TEXT NOT NULL,
    lines INTEGER NOT NULL,
    absent INTEGER NOT NULL,
    spoke INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    come_back INTEGER NOT NULL,
    inaccessible INTEGER NOT NULL,
    vacant INTEGER NOT NULL,
    do_not_contact INTEGER NOT NULL,
    leaflets INTEGER NOT NULL,
    PRIMARY KEY (campaign, along, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX sums_of_nothing ON sums (campaign) WHERE lines = 0;

INSERT INTO sums (campaign, along, key, lines, absent, spoke, refused, come_back,
                  inaccessible, vacant, do_not_contact, leaflets)
SELECT campaign, along, key, count(*), sum(absent), sum(spoke), sum(refused), sum(come_back),
       sum(inaccessible), sum(vacant), sum(do_not_contact), sum(leaflets)
FROM (SELECT *, 'station' AS along, station AS key FROM tallies
      UNION ALL SELECT *, 'day', day FROM tallies
      UNION ALL SELECT *, 'team', lower(hex(team)) FROM tallies)
GROUP BY campaign, along, key;
