-- migrate:up
INSERT INTO cafes VALUES ('café');
-- migrate:down
DELETE FROM cafes;
