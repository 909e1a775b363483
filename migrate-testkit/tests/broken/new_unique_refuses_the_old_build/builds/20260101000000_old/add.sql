-- values: 'ada', '1'
INSERT INTO users (name, nick) VALUES (?, ?)
