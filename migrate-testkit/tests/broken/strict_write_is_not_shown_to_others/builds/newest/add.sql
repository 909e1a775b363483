-- name: add
-- values: 901
-- values: 901
INSERT INTO users (id) VALUES (?)
