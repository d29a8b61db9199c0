-- What was answered at the doors of a station, in whole batches, out of so many opened doors.
ALTER TABLE tallies ADD COLUMN doors bigint NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN support_1 bigint NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN support_2 bigint NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN support_3 bigint NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN support_4 bigint NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN support_5 bigint NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN registration bigint NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN proxy bigint NOT NULL DEFAULT 0;

ALTER TABLE sums ADD COLUMN doors bigint NOT NULL DEFAULT 0;
ALTER TABLE sums ADD COLUMN support_1 bigint NOT NULL DEFAULT 0;
ALTER TABLE sums ADD COLUMN support_2 bigint NOT NULL DEFAULT 0;
ALTER TABLE sums ADD COLUMN support_3 bigint NOT NULL DEFAULT 0;
ALTER TABLE sums ADD COLUMN support_4 bigint NOT NULL DEFAULT 0;
ALTER TABLE sums ADD COLUMN support_5 bigint NOT NULL DEFAULT 0;
ALTER TABLE sums ADD COLUMN registration bigint NOT NULL DEFAULT 0;
ALTER TABLE sums ADD COLUMN proxy bigint NOT NULL DEFAULT 0;
