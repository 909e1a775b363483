-- values: 99, 0
INSERT INTO shares (id, parts) VALUES ($1, $2)
