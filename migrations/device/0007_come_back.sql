-- When somebody asked to be visited again.
ALTER TABLE visit ADD COLUMN back TEXT NOT NULL DEFAULT '';
