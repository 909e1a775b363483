-- migrate:irreversible "orders are in the backup"
-- migrate:up
DROP TABLE "orders"; -- nobody reads it
