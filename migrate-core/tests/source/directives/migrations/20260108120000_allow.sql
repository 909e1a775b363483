-- migrate:allow drop-column
-- migrate:up
-- migrate:allow drop-table ""
CREATE TABLE h (id int);
-- migrate:down
DROP TABLE h;
-- migrate:allow drop-table "stands before nothing"
