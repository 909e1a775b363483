-- migrate:up
DO $$ BEGIN IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'nick') THEN ALTER TABLE users ADD COLUMN nick_copy text; END IF; END $$;

-- migrate:down
ALTER TABLE users DROP COLUMN IF EXISTS nick_copy;
