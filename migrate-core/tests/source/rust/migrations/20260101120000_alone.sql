-- migrate:change c
-- migrate:phase migrate
-- migrate:rust move_it
-- migrate:verify zero
SELECT count(*) FROM t WHERE a IS NULL;
