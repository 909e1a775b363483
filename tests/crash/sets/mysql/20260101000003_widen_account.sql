-- migrate:up
ALTER TABLE account ADD COLUMN active tinyint NULL, ALGORITHM=COPY;
UPDATE account SET active = balance > 10 WHERE id < 5000;
ALTER TABLE account MODIFY COLUMN email varchar(200) NOT NULL, ADD INDEX account_email (email), ALGORITHM=COPY;
INSERT INTO audit VALUES ('up 3');

-- migrate:down
ALTER TABLE account DROP INDEX account_email, MODIFY COLUMN email varchar(100) NOT NULL, ALGORITHM=COPY;
INSERT INTO audit VALUES ('down 3');
ALTER TABLE account DROP COLUMN active, ALGORITHM=COPY;
