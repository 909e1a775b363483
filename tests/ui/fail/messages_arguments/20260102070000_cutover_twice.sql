-- migrate:change cutover_twice
-- migrate:phase migrate
-- migrate:cutover ramp=1,100 ramp=1,100 hold=1m p99=1.1 errors=0.001 mismatch=0
-- migrate:up
UPDATE t SET a = b;
