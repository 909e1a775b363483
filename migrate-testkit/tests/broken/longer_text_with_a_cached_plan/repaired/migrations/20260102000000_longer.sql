-- migrate:up
ALTER TABLE releases ADD COLUMN long_license text;
-- migrate:down
ALTER TABLE releases DROP COLUMN long_license;
