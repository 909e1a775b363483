-- name: add
-- values: 901
-- values: 902
INSERT INTO users (id) VALUES (?)
