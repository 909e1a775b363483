-- migrate:up
CREATE INDEX CONCURRENTLY account_email ON account (slow_lower(email));

-- migrate:down
DROP INDEX CONCURRENTLY account_email;
