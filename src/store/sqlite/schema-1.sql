-- The number of the last change of durable records, and that of the last change of senders; how many senders there are.
CREATE TABLE counter (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    senders INTEGER NOT NULL
) STRICT;
INSERT INTO counter VALUES (1, 0, 0, 0);

-- Durable records: which table of the gate (`Table`), key, sealed value (none where it was removed), change.
CREATE TABLE durable (
    id INTEGER PRIMARY KEY,
    tbl INTEGER NOT NULL,
    key BLOB NOT NULL,
    value BLOB,
    version INTEGER NOT NULL,
    UNIQUE (tbl, key)
) STRICT;
CREATE INDEX durable_changes ON durable (tbl, version, key);
CREATE INDEX durable_removed ON durable (tbl, version) WHERE value IS NULL;

-- Senders' records. A row that is written gets the next number, so rows lie in the order of their last change, and what other
-- processes wrote stands behind what one has seen.
CREATE TABLE sender (
    seq INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    record BLOB NOT NULL
) STRICT;
