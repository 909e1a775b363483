-- migrate:up
ALTER TABLE shares DROP CONSTRAINT positive;
-- migrate:down
ALTER TABLE shares ADD CONSTRAINT positive CHECK (parts > 0) NOT VALID;
