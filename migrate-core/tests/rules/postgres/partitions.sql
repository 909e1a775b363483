-- case: a partition that overlaps another
-- expect: create-partition-locks-parent, refused-statement
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, value float8) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2024 (id bigint NOT NULL, day date NOT NULL, value float8);
-- draft
CREATE TABLE measures_more PARTITION OF measures FOR VALUES FROM ('2025-12-01') TO ('2026-12-01');

-- case: a table is attached whose rows would belong to two
-- expect: refused-statement
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, value float8) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2024 (id bigint NOT NULL, day date NOT NULL, value float8);
-- draft
CREATE TABLE measures_late (LIKE measures);
ALTER TABLE measures ATTACH PARTITION measures_late FOR VALUES FROM ('2025-06-01') TO ('2026-06-01');

-- case: a value of two partitions
-- expect: create-partition-locks-parent, refused-statement
-- history
CREATE TABLE sales (id bigint, region text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE sales_eu PARTITION OF sales FOR VALUES IN ('de', 'fr');
-- draft
CREATE TABLE sales_fr PARTITION OF sales FOR VALUES IN ('fr', 'be');

-- case: another value
-- expect: create-partition-locks-parent
-- history
CREATE TABLE sales (id bigint, region text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE sales_eu PARTITION OF sales FOR VALUES IN ('de', 'fr');
-- draft
CREATE TABLE sales_us PARTITION OF sales FOR VALUES IN ('us');

-- case: a second default partition
-- expect: create-partition-locks-parent, refused-statement
-- history
CREATE TABLE sales (id bigint, region text NOT NULL) PARTITION BY LIST (region);
CREATE TABLE sales_rest PARTITION OF sales DEFAULT;
-- draft
CREATE TABLE sales_other PARTITION OF sales DEFAULT;

-- case: the rows of a partition that was detached
-- expect: create-partition-locks-parent
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, value float8) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2024 (id bigint NOT NULL, day date NOT NULL, value float8);
ALTER TABLE measures DETACH PARTITION measures_2025;
-- draft
CREATE TABLE measures_25b PARTITION OF measures FOR VALUES FROM ('2025-03-01') TO ('2025-04-01');

-- case: the next range
-- expect: create-partition-locks-parent
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, value float8) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2024 (id bigint NOT NULL, day date NOT NULL, value float8);
-- draft
CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: a new table for the next range
-- expect: none
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, value float8) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2024 (id bigint NOT NULL, day date NOT NULL, value float8);
-- draft
CREATE TABLE measures_2026 (LIKE measures INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
ALTER TABLE measures ATTACH PARTITION measures_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

-- case: a unique index that does not name the partition key
-- expect: refused-statement
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, value float8) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2024 (id bigint NOT NULL, day date NOT NULL, value float8);
-- draft
CREATE UNIQUE INDEX measures_id ON ONLY measures (id);

-- case: detached beside a default partition
-- since: 14
-- expect: refused-statement
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, value float8) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2024 (id bigint NOT NULL, day date NOT NULL, value float8);
CREATE TABLE measures_rest PARTITION OF measures DEFAULT;
-- draft
ALTER TABLE measures DETACH PARTITION measures_2025 CONCURRENTLY;

-- case: a partition has the primary key of its table
-- expect: add-primary-key, refused-statement
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- draft
ALTER TABLE measures_2025 ADD PRIMARY KEY (id);

-- case: a partition of a partition has the primary key of the table
-- expect: refused-statement
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY RANGE (id);
CREATE TABLE measures_2025_1 PARTITION OF measures_2025 FOR VALUES FROM (1) TO (100);
ALTER TABLE measures_2025_1 ADD PRIMARY KEY (id);

-- case: a foreign key to the key that a partition has from its table
-- expect: none
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings (id bigint, day date, FOREIGN KEY (id, day) REFERENCES measures_2025);
INSERT INTO measures_2025 VALUES (1, '2025-02-02') ON CONFLICT (day, id) DO NOTHING;

-- case: a foreign key to no key of a partition
-- expect: refused-statement
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE readings (id bigint REFERENCES measures_2025 (id));

-- case: a conflict with no key of a partition
-- expect: refused-statement
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
-- draft
INSERT INTO measures_2025 VALUES (1, '2025-02-02') ON CONFLICT (id) DO NOTHING;

-- case: a conflict with a key of a partition alone
-- expect: none
-- history
CREATE TABLE measures (id bigint NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE UNIQUE INDEX measures_2025_id ON measures_2025 (id);
-- draft
INSERT INTO measures_2025 VALUES (1, '2025-02-02') ON CONFLICT (id) DO NOTHING;
