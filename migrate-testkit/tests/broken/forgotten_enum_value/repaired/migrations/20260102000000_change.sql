-- migrate:up
ALTER TYPE mood ADD VALUE 'great';

-- migrate:down
DROP TYPE mood;
CREATE TYPE mood AS ENUM ('sad', 'ok');
