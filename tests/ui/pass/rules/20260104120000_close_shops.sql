-- migrate:up
-- migrate:allow create-index-not-concurrent "a shop is added once a year, and there are nine"
CREATE INDEX shops_id ON shops (id);

-- migrate:down
DROP INDEX shops_id;
