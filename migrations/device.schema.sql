-- The whole schema of a device's database, as the steps in device/ make it.
-- A test holds it equal to the real one. Moments are milliseconds since 1970, UTC.

-- This device: one row, made on first use.
CREATE TABLE device (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), -- always 1: the table has one row
    seed BLOB NOT NULL, -- 32 secret random bytes; both keys follow from them
    life INTEGER NOT NULL, -- another once the device came back from a backup; part of its actor ids
    created_at INTEGER NOT NULL -- milliseconds since 1970
) STRICT;

-- Its campaign: one row once it has joined.
CREATE TABLE membership (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), -- always 1: the table has one row
    campaign BLOB NOT NULL, -- its root key, 32 bytes
    relay TEXT NOT NULL, -- where the relay answers
    chain BLOB NOT NULL, -- our certificates, from the organiser down
    pseudonym TEXT NOT NULL, -- empty for who made the campaign
    joined_at INTEGER NOT NULL -- milliseconds since 1970
) STRICT;

-- A joining under way, so that a second try uses the same invitation record.
CREATE TABLE joining (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), -- always 1: the table has one row
    invitation BLOB NOT NULL, -- public key of the invitation
    record BLOB NOT NULL -- what the relay answered for it
) STRICT;

-- The campaign's root key, on the device that made the campaign.
CREATE TABLE root (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), -- always 1: the table has one row
    seed BLOB NOT NULL -- 32 secret random bytes
) STRICT;

-- Small things remembered by name: last sync, place of the hand, language …
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY, -- see store/settings.rs
    value TEXT NOT NULL -- as text
) STRICT, WITHOUT ROWID;

-- A request to join a team that accepts its members, until it is answered.
CREATE TABLE asking (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), -- always 1: the table has one row
    campaign BLOB NOT NULL, -- its root key, 32 bytes
    relay TEXT NOT NULL, -- where the relay answers
    pseudonym TEXT NOT NULL, -- under which it was made
    record BLOB NOT NULL, -- what the relay answered for the invitation
    envelope BLOB NOT NULL, -- the request, the same bytes at each try
    state TEXT NOT NULL -- unsent, waiting, declined, or why the relay did not let us in
) STRICT;

-- What this device was handed when it was let in by a code, until documents tell more.
CREATE TABLE handed (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), -- always 1: the table has one row
    answer BLOB NOT NULL -- the answer code, unpacked; its keys are sealed to this device
) STRICT;

-- Requests to join teams whose members we may accept.
CREATE TABLE request (
    space BLOB NOT NULL, -- the team's
    device BLOB NOT NULL, -- who asks
    envelope BLOB NOT NULL, -- the request as the relay keeps it
    answer TEXT NOT NULL CHECK (answer IN ('waiting', 'accepted', 'declined')), -- an answer is forgotten once the relay has it
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

-- Keys of teams, one row an epoch, more where two leads changed the key at the same time: the
-- smallest of the last epoch is the one in use. They never leave but sealed.
CREATE TABLE team_key (
    team BLOB NOT NULL, -- 16 bytes
    epoch INTEGER NOT NULL, -- from 1
    key BLOB NOT NULL, -- 32 secret bytes
    PRIMARY KEY (team, epoch, key)
) STRICT, WITHOUT ROWID;

-- How far the log of each space was read.
CREATE TABLE cursor (
    space BLOB NOT NULL PRIMARY KEY, -- 16 bytes
    pulled INTEGER NOT NULL -- last sequence number that was read
) STRICT, WITHOUT ROWID;

-- The record: every signed envelope that is kept, ours and others', in the order it came.
CREATE TABLE envelope (
    n INTEGER NOT NULL PRIMARY KEY, -- order in which it came here
    id BLOB NOT NULL UNIQUE, -- SHA-256 of its bytes
    space BLOB NOT NULL, -- whose log it enters
    device BLOB NOT NULL, -- who signed it
    device_seq INTEGER NOT NULL, -- its place among that device's in the space, from 1
    kind INTEGER NOT NULL, -- see Kind::byte
    document BLOB NOT NULL, -- 16 zero bytes where there is none
    records INTEGER NOT NULL, -- what a person would call records in it, of ours; 0 of others
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'refused', 'received')), -- ours: queued, sent or refused; others': received
    refusal TEXT NOT NULL, -- why the relay refused it, empty otherwise
    kept_at INTEGER NOT NULL, -- milliseconds since 1970
    bytes BLOB NOT NULL -- all of it
) STRICT;
CREATE INDEX envelope_by_state ON envelope (state, n);
CREATE INDEX envelope_by_sequence ON envelope (space, device, device_seq);

-- Envelopes that the relay is to be offered: ours until it has them, others' that came another
-- way, and all of them once it began a new life.
CREATE TABLE offer (
    n INTEGER NOT NULL PRIMARY KEY, -- which envelope
    rank INTEGER NOT NULL, -- 0 the campaign's space, 1 a team's, 2 the reports: in this order
    refusal TEXT NOT NULL -- why the relay could not take it yet; empty where it is to be offered now
) STRICT;
CREATE INDEX offer_in_order ON offer (refusal, rank, n);

-- Spaces where the relay has later envelopes of ours than we: nothing is sealed there before
-- they are taken back.
CREATE TABLE behind (
    space BLOB NOT NULL PRIMARY KEY -- 16 bytes
) STRICT, WITHOUT ROWID;

-- Bodies of ours without document that wait to be sealed again, after a backup.
CREATE TABLE pending_body (
    n INTEGER NOT NULL PRIMARY KEY, -- order
    space BLOB NOT NULL, -- where it belongs
    kind INTEGER NOT NULL, -- see Kind::byte
    bytes BLOB NOT NULL -- the body, in clear
) STRICT;

-- Ballots that this device reported and that are to be written again, after a backup.
CREATE TABLE pending_turnout (
    day TEXT NOT NULL, -- YYYY-MM-DD on the campaign's clock
    station TEXT NOT NULL, -- which station
    hour TEXT NOT NULL, -- HH:MM on the campaign's clock
    votes INTEGER NOT NULL, -- ballots since the opening
    at INTEGER NOT NULL, -- when it was written down, milliseconds since 1970
    PRIMARY KEY (day, station, hour)
) STRICT, WITHOUT ROWID;

-- Envelopes that came before one that they follow, or before their device was introduced.
CREATE TABLE waiting (
    id BLOB NOT NULL PRIMARY KEY, -- SHA-256 of its bytes
    space BLOB NOT NULL, -- whose log it enters
    device BLOB NOT NULL, -- who signed it
    device_seq INTEGER NOT NULL, -- its place among that device's in the space
    refusal TEXT NOT NULL, -- what it waits for
    kept_at INTEGER NOT NULL, -- milliseconds since 1970
    bytes BLOB NOT NULL -- all of it
) STRICT;
CREATE INDEX waiting_by_sequence ON waiting (space, device, device_seq);

-- Envelopes that stand in their device's line, and whose changes wait: for a key, for changes
-- of others, or for the time to come. Projection.
CREATE TABLE unapplied (
    id BLOB NOT NULL PRIMARY KEY, -- which envelope
    space BLOB NOT NULL, -- its space
    document BLOB NOT NULL, -- its document
    refusal TEXT NOT NULL -- what they wait for
) STRICT;
CREATE INDEX unapplied_by_document ON unapplied (document);

-- Devices that were removed from a space, and how far what they wrote there counts.
CREATE TABLE removal (
    space BLOB NOT NULL, -- 16 bytes
    device BLOB NOT NULL, -- 32 bytes
    until INTEGER NOT NULL, -- the last of its envelopes that counts, as far as anybody said
    closed INTEGER NOT NULL, -- 1 once the removal was read in the relay's log: no more comes
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

-- Envelopes of others that were handed over, until they are read in the relay's log.
CREATE TABLE unread (
    n INTEGER NOT NULL PRIMARY KEY -- which envelope
) STRICT;

-- How far the log of another device was read, directly.
CREATE TABLE peer_cursor (
    peer BLOB NOT NULL, -- which device
    space BLOB NOT NULL, -- 16 bytes
    pulled INTEGER NOT NULL, -- the last place of its log that was read
    PRIMARY KEY (peer, space)
) STRICT, WITHOUT ROWID;

-- Changes of ours that wait for an envelope, in the order they were made.
CREATE TABLE pending_change (
    n INTEGER NOT NULL PRIMARY KEY, -- order in which it was made
    document BLOB NOT NULL, -- which document
    records INTEGER NOT NULL, -- what a person would call records in it
    bytes BLOB NOT NULL -- one plain automerge change chunk
) STRICT;
CREATE INDEX pending_change_by_document ON pending_change (document, n);

-- What could not be taken in, kept whole with the reason.
CREATE TABLE set_aside (
    id BLOB NOT NULL PRIMARY KEY, -- SHA-256 of its bytes
    space BLOB NOT NULL, -- where it came from
    refusal TEXT NOT NULL, -- why
    kept_at INTEGER NOT NULL, -- milliseconds since 1970
    bytes BLOB NOT NULL -- all of it
) STRICT;

-- Days whose report no longer says what our visits say.
CREATE TABLE unreported_day (
    day TEXT NOT NULL, -- YYYY-MM-DD on the campaign's clock
    team BLOB NOT NULL, -- 16 zero bytes where there is none
    PRIMARY KEY (day, team)
) STRICT, WITHOUT ROWID;

-- What was answered at a station and waits for its batch of ten opened doors: sums alone, always
-- of the same width, and written over in place.
CREATE TABLE answer_batch (
    team BLOB NOT NULL, -- for which team, 16 bytes
    station TEXT NOT NULL, -- which station, `-` for addresses that stand in none
    numbers BLOB NOT NULL CHECK (length(numbers) = 64), -- sixteen numbers of four bytes, see store/batches.rs
    PRIMARY KEY (team, station)
) STRICT, WITHOUT ROWID;

-- Devices that introduced themselves in a space, this one too. Projection.
CREATE TABLE peer (
    space BLOB NOT NULL, -- 16 bytes
    device BLOB NOT NULL, -- 32 bytes
    chain BLOB NOT NULL, -- its certificates
    last_seq INTEGER NOT NULL, -- its latest envelope here
    last_id BLOB NOT NULL, -- the id of that envelope
    revoked INTEGER NOT NULL, -- 1 once its rights were taken back
    PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;

-- Saved automerge documents. Projection: a cache of envelopes and pending changes.
CREATE TABLE document (
    id BLOB NOT NULL PRIMARY KEY, -- 16 bytes
    kind INTEGER NOT NULL, -- see Kind::byte
    space BLOB NOT NULL, -- where it belongs
    device BLOB NOT NULL, -- its writer; for a shared document, whose change made it known here
    version INTEGER NOT NULL, -- grows with each save
    saved BLOB NOT NULL, -- as automerge saves it; empty for a shift that is only followed
    trail BLOB NOT NULL DEFAULT x'' -- where the changes of such a shift have come to, empty otherwise
) STRICT;

-- What the campaign document says. Projection: one row.
CREATE TABLE campaign (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), -- always 1: the table has one row
    name TEXT NOT NULL, -- as its organisers wrote it
    time_zone TEXT NOT NULL, -- IANA name
    territory TEXT NOT NULL, -- hash of its pack, empty where there is none
    colour INTEGER NOT NULL DEFAULT 0 -- from 1 to 6, as its organisers chose it; 0 where they did not
) STRICT;

-- Versions of kits, as they were published; never changed. Projection.
CREATE TABLE kit (
    id BLOB NOT NULL PRIMARY KEY, -- 16 bytes, of the digest of the version
    number INTEGER NOT NULL, -- what is published later has a higher one
    language TEXT NOT NULL, -- two letters
    version BLOB NOT NULL -- number and kit, JSON
) STRICT, WITHOUT ROWID;

-- Teams of the campaign. Projection.
CREATE TABLE team (
    id BLOB NOT NULL PRIMARY KEY, -- 16 bytes
    name TEXT NOT NULL, -- as its organiser wrote it
    member_limit INTEGER NOT NULL, -- people it holds
    policy TEXT NOT NULL CHECK (policy IN ('open', 'approved')) -- who lets people in
) STRICT;

-- Pseudonyms of a team's members. Projection.
CREATE TABLE member (
    team BLOB NOT NULL, -- which team
    device BLOB NOT NULL, -- whose
    pseudonym TEXT NOT NULL, -- never a real name
    PRIMARY KEY (team, device)
) STRICT, WITHOUT ROWID;

-- Turfs of our teams. Projection.
CREATE TABLE turf (
    id BLOB NOT NULL PRIMARY KEY, -- 16 bytes
    team BLOB NOT NULL, -- which team has it
    name TEXT NOT NULL, -- as it was written
    station TEXT NOT NULL -- the station it covers; empty for a list of addresses
) STRICT;

-- Addresses of a turf that is a list. Projection.
CREATE TABLE turf_address (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE, -- which turf
    address TEXT NOT NULL, -- id of the address
    PRIMARY KEY (turf, address)
) STRICT, WITHOUT ROWID;

-- Doors that a team described. Projection.
CREATE TABLE turf_door (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE, -- which turf
    door TEXT NOT NULL, -- ADDRESS/stair/floor/label
    address TEXT NOT NULL, -- id of the address
    stair TEXT NOT NULL, -- as the team calls it
    floor INTEGER NOT NULL, -- 0 is the ground
    label TEXT NOT NULL, -- what it is called now on the landing
    landing TEXT NOT NULL DEFAULT '', -- what the landing is called, empty where by its floor
    PRIMARY KEY (turf, door)
) STRICT, WITHOUT ROWID;
CREATE INDEX turf_door_by_address ON turf_door (address);

-- How one gets into a building, as a team noted it. Projection.
CREATE TABLE turf_access (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE, -- which turf
    address TEXT NOT NULL, -- id of the address
    way TEXT NOT NULL CHECK (way IN ('open', 'code', 'badge', 'caretaker', 'locked')), -- see Way
    code TEXT NOT NULL, -- empty where there is none, or once it has ended
    code_ends INTEGER NOT NULL, -- milliseconds since 1970; 0 where there was no code
    PRIMARY KEY (turf, address)
) STRICT, WITHOUT ROWID;

-- Outings. Projection.
CREATE TABLE shift (
    id BLOB NOT NULL PRIMARY KEY, -- 16 bytes
    device BLOB NOT NULL, -- whose outing
    team BLOB NOT NULL, -- for which team
    turf BLOB NOT NULL, -- on which turf
    opened_at INTEGER NOT NULL, -- milliseconds since 1970
    closed_at INTEGER NOT NULL -- 0 while it is open
) STRICT;
CREATE INDEX shift_by_turf ON shift (device, turf, closed_at);

-- Visits of every shift that is known here. Projection.
CREATE TABLE visit (
    shift BLOB NOT NULL, -- in which shift
    id BLOB NOT NULL, -- 10 random bytes
    device BLOB NOT NULL, -- who knocked
    door TEXT NOT NULL, -- at which door
    outcome TEXT NOT NULL, -- one of seven words
    at INTEGER NOT NULL, -- milliseconds since 1970
    leaflet INTEGER NOT NULL, -- 1 where one was left
    standing INTEGER NOT NULL, -- 0 once another entry stands in its place
    envelope BLOB NOT NULL, -- which envelope brought it; empty while it waits for one
    back TEXT NOT NULL DEFAULT '', -- when to come back, see ComeBack; empty where nobody said
    PRIMARY KEY (shift, id)
) STRICT;
CREATE INDEX visit_by_door ON visit (door, at DESC, device DESC, id DESC) WHERE standing = 1;
CREATE INDEX visit_no_contact ON visit (door, at DESC, device DESC, id DESC)
    WHERE standing = 1 AND outcome = 'do_not_contact';
CREATE INDEX visit_by_device ON visit (device, at) WHERE standing = 1;
CREATE INDEX visit_by_id ON visit (id);
CREATE INDEX visit_unsealed ON visit (shift) WHERE envelope = x'';

-- Leaflet rounds of turfs. Projection.
CREATE TABLE round (
    turf BLOB NOT NULL REFERENCES turf (id) ON DELETE CASCADE, -- which turf
    id BLOB NOT NULL, -- 10 random bytes
    name TEXT NOT NULL, -- as a lead wrote it
    made_at INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (turf, id)
) STRICT, WITHOUT ROWID;

-- What was noted of letter boxes in leaflet rounds, in every shift that is known here; of a device
-- and a building the latest stands. Projection.
CREATE TABLE handout (
    shift BLOB NOT NULL, -- in which shift
    id BLOB NOT NULL, -- 10 random bytes
    device BLOB NOT NULL, -- who was there
    round BLOB NOT NULL, -- in which round
    address TEXT NOT NULL, -- id of the address
    boxes TEXT NOT NULL, -- done, unreached or todo
    count INTEGER NOT NULL, -- how many letter boxes
    at INTEGER NOT NULL, -- milliseconds since 1970
    PRIMARY KEY (shift, id)
) STRICT;
CREATE INDEX handout_by_round ON handout (round, device);

-- Ballots cast so far, as this device reported them. Projection.
CREATE TABLE turnout (
    document BLOB NOT NULL, -- which report
    day TEXT NOT NULL, -- YYYY-MM-DD on the campaign's clock
    station TEXT NOT NULL, -- which station
    hour TEXT NOT NULL, -- HH:MM on the campaign's clock
    votes INTEGER NOT NULL, -- ballots since the opening
    at INTEGER NOT NULL, -- when it was written down, milliseconds since 1970
    PRIMARY KEY (document, station, hour)
) STRICT, WITHOUT ROWID;

-- Polling stations of the territory pack.
CREATE TABLE station (
    id TEXT NOT NULL PRIMARY KEY, -- its code, or COMMUNE_CODE
    code TEXT NOT NULL, -- within the commune
    commune TEXT NOT NULL, -- empty where the file names none
    name TEXT NOT NULL, -- empty where the file has none
    perimeter TEXT NOT NULL -- coordinates of a GeoJSON MultiPolygon
) STRICT, WITHOUT ROWID;

-- Addresses of the territory pack, in walking order.
CREATE TABLE address (
    id TEXT NOT NULL PRIMARY KEY, -- the key of its file
    place INTEGER NOT NULL, -- in walking order
    number TEXT NOT NULL, -- with its repetition
    street TEXT NOT NULL, -- its name
    postcode TEXT NOT NULL, -- empty where the file has none
    commune TEXT NOT NULL, -- its name
    commune_code TEXT NOT NULL, -- empty where the file has none
    lon REAL NOT NULL, -- degrees, WGS 84
    lat REAL NOT NULL, -- degrees, WGS 84
    station TEXT NOT NULL -- empty where it stands in no perimeter, or in two
) STRICT, WITHOUT ROWID;
CREATE INDEX address_by_station ON address (station, place);

-- Past ballots of the territory pack.
CREATE TABLE past_result (
    station TEXT NOT NULL, -- which station
    ballot TEXT NOT NULL, -- its name
    registered INTEGER, -- NULL where the file has none: 0 is a count
    votes INTEGER, -- NULL where the file has none: 0 is a count
    PRIMARY KEY (station, ballot)
) STRICT, WITHOUT ROWID;

-- The relay's last answer about totals, for those who may read them.
CREATE TABLE relay_totals (
    grouping TEXT NOT NULL PRIMARY KEY, -- station, day or team
    answer TEXT NOT NULL -- the answer, JSON
) STRICT, WITHOUT ROWID;
