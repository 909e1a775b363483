-- migrate:change nick
-- migrate:phase contract
-- migrate:up
CREATE TABLE kept_nicks AS SELECT id, nick FROM users;
ALTER TABLE users DROP COLUMN nick;

-- migrate:down
ALTER TABLE users ADD COLUMN nick VARCHAR(20);
UPDATE users SET nick = (SELECT nick FROM kept_nicks k WHERE k.id = users.id);
DROP TABLE kept_nicks;
