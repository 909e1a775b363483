-- migrate:up
UPDATE users SET kind = 'free' WHERE kind = 'trial';
ALTER TABLE users MODIFY COLUMN kind ENUM('free','paid') NOT NULL;

-- migrate:down
ALTER TABLE users MODIFY COLUMN kind ENUM('free','paid','trial') NOT NULL;
