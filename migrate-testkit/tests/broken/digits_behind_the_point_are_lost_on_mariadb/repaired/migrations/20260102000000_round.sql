-- migrate:up
ALTER TABLE prices MODIFY amount DECIMAL(14,6);
-- migrate:down
ALTER TABLE prices MODIFY amount DECIMAL(12,6);
