-- migrate:up
ALTER TABLE users MODIFY COLUMN kind ENUM('free','paid','trial','team') NOT NULL;

-- migrate:down
UPDATE users SET kind = 'paid' WHERE kind = 'team';
ALTER TABLE users MODIFY COLUMN kind ENUM('free','paid','trial') NOT NULL;
