-- migrate:change modified
-- migrate:sync visits.changed_at <-> visits.modified_at
-- migrate:up
ALTER TABLE visits ADD COLUMN modified_at datetime NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP;
-- migrate:down
ALTER TABLE visits DROP COLUMN modified_at;
