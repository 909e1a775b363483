-- values: 777, 'ada', NULL
INSERT INTO users VALUES (?, ?, ?)
