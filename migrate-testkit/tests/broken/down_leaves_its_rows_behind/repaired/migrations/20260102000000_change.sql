-- migrate:up
INSERT INTO users (id, name) VALUES (900001, 'system') ON CONFLICT DO NOTHING;

-- migrate:down
DELETE FROM users WHERE id = 900001;
