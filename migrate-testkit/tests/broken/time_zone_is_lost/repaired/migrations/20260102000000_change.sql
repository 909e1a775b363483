-- migrate:up
ALTER TABLE events ALTER COLUMN at TYPE timestamptz USING at AT TIME ZONE 'Asia/Tokyo';

-- migrate:down
ALTER TABLE events ALTER COLUMN at TYPE timestamp USING at AT TIME ZONE 'Asia/Tokyo';
