-- values: 4711, 'trial'
INSERT INTO users (id, kind) VALUES (?, ?)
