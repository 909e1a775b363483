-- migrate:up
COPY t FROM stdin;
-- migrate:down
SELECT 1;
