CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    kind TEXT GENERATED ALWAYS AS (json_extract(body, '$.kind')) VIRTUAL
);
CREATE INDEX events_kind ON events (kind);
