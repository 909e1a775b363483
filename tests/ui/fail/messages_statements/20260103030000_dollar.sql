-- migrate:up
SELECT $a$ x;
