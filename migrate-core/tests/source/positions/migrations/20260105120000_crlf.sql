-- migrate:up
SELECT 'a
b';
COMMIT;
-- migrate:down
SELECT 1;
