-- migrate:change cutover_ramp
-- migrate:phase migrate
-- migrate:cutover ramp=50,10 hold=1m p99=1.1 errors=0.001 mismatch=0
-- migrate:up
UPDATE t SET a = b;
