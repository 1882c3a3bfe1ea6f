-- What happened. `body` is the record as JSON, `hash` SHA-256 over the hash before it and the bytes of `body`.
-- Everything that is filtered by is computed from `body`: no copy could differ from it.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY CHECK (seq > 0),
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    at INTEGER GENERATED ALWAYS AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.at') END) VIRTUAL,
    actor TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.actor') END) VIRTUAL,
    cluster TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.cluster') END) VIRTUAL,
    event TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.event.is') END) VIRTUAL,
    change_id TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.event.id') END) VIRTUAL,
    outcome TEXT GENERATED ALWAYS AS (CASE WHEN json_valid(body) THEN json_extract(body, '$.event.outcome') END) VIRTUAL
) STRICT;

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_actor ON audit (actor);
CREATE INDEX audit_cluster ON audit (cluster);
CREATE INDEX audit_event ON audit (event);
CREATE INDEX audit_change ON audit (change_id, event, outcome) WHERE change_id IS NOT NULL;
-- Sending the same form twice is one intent.
CREATE UNIQUE INDEX audit_intent ON audit (change_id) WHERE event = 'intent';

-- Where the log ends, so that cutting its end is noticed. Moves in the transaction that appends.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log are never changed');
END;

CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log are never deleted');
END;

-- Also keeps INSERT OR REPLACE from replacing an entry.
CREATE TRIGGER audit_has_no_gaps BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT seq + 1 FROM audit_head)
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log follow one another');
END;

CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
WHEN NEW.seq <> OLD.seq + 1
BEGIN
    SELECT RAISE(ABORT, 'the audit log grows by one entry at a time');
END;

CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'the audit log has an end');
END;

-- Written to learn whether writing works.
CREATE TABLE pulse (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    beat INTEGER NOT NULL
) STRICT;

INSERT INTO pulse (id, beat) VALUES (1, 0);
