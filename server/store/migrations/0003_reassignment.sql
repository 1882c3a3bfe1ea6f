-- Reassignments being prepared. `saved_at` also tells whether somebody else saved in between: it grows with each save.
-- `planned` is apart because it may be large.
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    cluster TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    planned TEXT
) STRICT;

CREATE INDEX drafts_cluster ON drafts (cluster, saved_at);

-- Reassignments under way and those that are over. `body` is the job without its moves. One runner at a time: `owner` until
-- `expires_at`; `token` grows with each new owner, and who writes shows the one he was given.
CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    cluster TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- Nothing is left to be done for it, throttles included.
    is_settled INTEGER NOT NULL,
    body TEXT NOT NULL,
    progress TEXT,
    owner TEXT NOT NULL DEFAULT '',
    token INTEGER NOT NULL DEFAULT 0,
    expires_at INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX jobs_cluster ON jobs (cluster, is_settled, created_at);

-- One row each, so that a step writes only what it changed.
CREATE TABLE job_moves (
    job TEXT NOT NULL REFERENCES jobs (id),
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (job, number)
) STRICT, WITHOUT ROWID;

-- What operators ask of a job, in order. The runner takes them and says what came of each.
CREATE TABLE job_controls (
    seq INTEGER PRIMARY KEY,
    -- The change that asks.
    id TEXT NOT NULL UNIQUE,
    job TEXT NOT NULL REFERENCES jobs (id),
    body TEXT NOT NULL,
    is_taken INTEGER NOT NULL DEFAULT 0,
    -- Why it could not be done; of a taken one.
    refusal TEXT
) STRICT;

CREATE INDEX job_controls_job ON job_controls (job, is_taken, seq);

-- Preferred leaders are elected every so many minutes; no row: never.
CREATE TABLE election_schedules (
    cluster TEXT PRIMARY KEY,
    every_minutes INTEGER NOT NULL CHECK (every_minutes > 0),
    -- The change that said so.
    id TEXT NOT NULL,
    next_at INTEGER NOT NULL,
    last_run_at INTEGER
) STRICT;
