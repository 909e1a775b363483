-- migrate:up
CREATE TABLE posts (
    id     INTEGER PRIMARY KEY,
    author INTEGER NOT NULL REFERENCES users (id),
    text   TEXT NOT NULL
);
CREATE INDEX posts_author ON posts (author);

-- migrate:down
DROP TABLE posts;
