-- migrate:transaction off
-- migrate:up
CREATE TABLE event (id bigint NOT NULL, year integer NOT NULL) PARTITION BY RANGE (year);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM (2024) TO (2025);
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM (2025) TO (2026);
INSERT INTO event SELECT n, 2024 + n % 2 FROM generate_series(1, 100) n;
ALTER TABLE event DETACH PARTITION event_2024 CONCURRENTLY;
REINDEX INDEX CONCURRENTLY account_email;
VACUUM account;
INSERT INTO audit SELECT 'up 7' FROM pg_sleep(0.02);

-- migrate:down
INSERT INTO audit SELECT 'down 7' FROM pg_sleep(0.02);
REINDEX TABLE CONCURRENTLY account;
DROP TABLE event_2024;
DROP TABLE event;
