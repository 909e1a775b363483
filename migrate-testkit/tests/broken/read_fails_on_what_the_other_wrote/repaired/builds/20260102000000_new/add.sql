-- values: 99, 5
INSERT INTO shares (id, parts) VALUES ($1, $2)
