-- migrate:up
INSERT INTO users (id, name) VALUES (900001, 'system') ON CONFLICT DO NOTHING;

-- migrate:down
UPDATE users SET name = name;
