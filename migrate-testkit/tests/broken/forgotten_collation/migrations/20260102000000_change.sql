-- migrate:up
ALTER TABLE users MODIFY COLUMN nick VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- migrate:down
UPDATE users SET name = name;
