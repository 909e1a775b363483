-- migrate:irreversible "the states before are not kept"
-- migrate:up
UPDATE orders SET state = 'new';
