-- A shift is followed without its document, as long as its changes do nothing but add.
ALTER TABLE document ADD COLUMN trail BLOB NOT NULL DEFAULT x'';

-- Sealing finds what it carries without reading the whole shift.
CREATE INDEX visit_unsealed ON visit (shift) WHERE envelope = x'';
