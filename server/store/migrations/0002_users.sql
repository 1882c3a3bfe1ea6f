-- Times are milliseconds since 1970. Users are disabled, never deleted: the audit log names them.
CREATE TABLE users (
    name TEXT PRIMARY KEY,
    -- argon2id in PHC form.
    password TEXT NOT NULL,
    -- JSON list.
    grants TEXT NOT NULL,
    is_disabled INTEGER NOT NULL DEFAULT 0,
    -- Grows when sessions that were opened before must not count any more.
    epoch INTEGER NOT NULL DEFAULT 1,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER
) STRICT;

-- "Alice" and "alice" would be taken for each other.
CREATE UNIQUE INDEX users_lower_name ON users (lower(name));

-- `hash` is SHA-256 of the session's id, which itself is only in the browser's cookie.
CREATE TABLE sessions (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
    user_name TEXT REFERENCES users (name),
    data BLOB NOT NULL,
    signed_in_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
) STRICT;

CREATE INDEX sessions_user ON sessions (user_name);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- `hash` is SHA-256 of the whole token, which is shown once and kept nowhere.
CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    owner TEXT NOT NULL REFERENCES users (name),
    label TEXT NOT NULL,
    grants TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT;

CREATE INDEX tokens_owner ON tokens (owner);
