-- migrate:up
ALTER TYPE order_state ADD VALUE 'sent';
INSERT INTO audit VALUES ('up 5');

-- A value of an enum stays until its type goes.
-- migrate:down
INSERT INTO audit VALUES ('down 5');
