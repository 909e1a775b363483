-- values: 4711, 'ada', 'a nick, 16 long.'
INSERT INTO users (id, name, nick) VALUES (?, ?, ?)
