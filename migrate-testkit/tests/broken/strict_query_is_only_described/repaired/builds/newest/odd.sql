-- values: 6777
INSERT INTO odd (a) VALUES (?);
