-- migrate:up
ALTER TABLE prices MODIFY amount DECIMAL(10,2);
-- migrate:down
ALTER TABLE prices MODIFY amount DECIMAL(10,4);
