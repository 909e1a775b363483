-- migrate:up
SELECT 1 /* x;
