-- The team that an invitation leads into, so that its limit holds for who comes without one.

ALTER TABLE invitations ADD COLUMN team BLOB NOT NULL DEFAULT x'';

-- In a record, the scope's byte follows 101 others: 1 stands for a team, whose id comes next.
UPDATE invitations SET team = substr(record, 103, 16) WHERE substr(record, 102, 1) = x'01';

CREATE INDEX invitations_by_team ON invitations (campaign, team, member_limit);
