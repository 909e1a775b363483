-- migrate:up
\connect app
CREATE TABLE a (id int);
COPY a (id) FROM stdin;
1
2
\.
-- migrate:down
DROP TABLE a;
