-- migrate:up
CREATE TABLE event (id bigint NOT NULL PRIMARY KEY, body text NOT NULL);
INSERT INTO event SELECT id, 'something' FROM account WHERE id < 300;
RENAME TABLE event TO incident;
INSERT INTO audit SELECT CONCAT('up 6 a ', SLEEP(0.02));
ALTER TABLE incident DROP COLUMN body, ADD COLUMN severity int NOT NULL DEFAULT 1;
INSERT INTO audit VALUES ('up 6 b');

-- migrate:down
INSERT INTO audit VALUES ('down 6');
RENAME TABLE incident TO event;
DROP TABLE event;
