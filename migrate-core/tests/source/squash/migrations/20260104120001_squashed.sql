-- migrate:squash 20260101120000_create_users digest=abababababababababababababababababababababababababababababababab
-- migrate:squash 20260103120000_fill change=nick phase=migrate digest=abababababababababababababababababababababababababababababababab
-- migrate:squash 20260104120000_drop_name change=nick phase=contract requires=20260103120000,20260104120000 digest=cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
-- migrate:squash 20260102120000_add_nick change=nick digest=abababababababababababababababababababababababababababababababab
-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, nick text);
-- migrate:down
DROP TABLE users;
