-- migrate:transaction off
-- migrate:up
INSERT INTO audit VALUES ('up 8 a');
CREATE TABLE event (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
INSERT INTO event SELECT i, 'something' FROM n;
INSERT INTO audit VALUES ('up 8 b');
VACUUM;
ALTER TABLE event ADD COLUMN severity INTEGER NOT NULL DEFAULT 1;
INSERT INTO audit VALUES ('up 8 c');

-- migrate:down
INSERT INTO audit VALUES ('down 8 a');
ALTER TABLE event DROP COLUMN severity;
VACUUM;
INSERT INTO audit VALUES ('down 8 b');
DROP TABLE event;
