-- case: a side that the server writes in every UPDATE cannot be told from one that was given
-- expect: sync-on-update
-- history
CREATE TABLE t (id bigint PRIMARY KEY, changed_at datetime);
-- file: expand rename
-- directive: sync t.changed_at <-> t.modified_at
ALTER TABLE t ADD COLUMN modified_at datetime NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP, ALGORITHM=INSTANT;

-- case: the old side of one way may have ON UPDATE
-- expect: none
-- history
CREATE TABLE t (id bigint PRIMARY KEY, changed_at datetime NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP);
-- file: expand rename
-- directive: sync t.changed_at -> t.modified_at
ALTER TABLE t ADD COLUMN modified_at datetime, ALGORITHM=INSTANT;
