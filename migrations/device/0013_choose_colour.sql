-- The colour that a campaign's organisers chose, from 1 to 6; 0 where they chose none.
ALTER TABLE campaign ADD COLUMN colour INTEGER NOT NULL DEFAULT 0;
