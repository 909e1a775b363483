-- values: 7000001, 'a'
INSERT INTO settings (id, value) VALUES (?, ?);
