-- migrate:irreversible "nothing to take back"
-- migrate:up
SELEC 1;
DROP TABEL orders;
