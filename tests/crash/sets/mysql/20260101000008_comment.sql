-- migrate:up
ALTER TABLE orders COMMENT = 'what an account ordered';
CREATE INDEX incident_severity ON incident (severity);
INSERT INTO audit SELECT CONCAT('up 8 ', SLEEP(0.02));

-- migrate:down
DROP INDEX incident_severity ON incident;
ALTER TABLE orders COMMENT = '';
INSERT INTO audit SELECT CONCAT('down 8 ', SLEEP(0.02));
