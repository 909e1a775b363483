-- migrate:squash 20250101120000_create_old digest=abababababababababababababababababababababababababababababababab
-- migrate:squash 20250102120000_drop_name change=name phase=contract requires=20250101120000,20250102120000 digest=abababababababababababababababababababababababababababababababab
-- migrate:up
CREATE TABLE old (id bigint PRIMARY KEY);
-- migrate:down
DROP TABLE old;
