-- migrate:up
ALTER TYPE mood ADD VALUE 'great';

-- migrate:down
UPDATE users SET name = name;
