-- case: a sync of a column that is not there
-- expect: missing-object
-- history
CREATE TABLE Users (id bigint PRIMARY KEY, name varchar(20));
-- file: expand rename
-- directive: sync Users.nme <-> Users.full_name
ALTER TABLE Users ADD COLUMN full_name varchar(20);

-- case: the case of a column's name says nothing
-- expect: none
-- history
CREATE TABLE Users (id bigint PRIMARY KEY, Name varchar(20));
-- file: expand rename
-- directive: sync Users.name <-> Users.Full_Name
ALTER TABLE Users ADD COLUMN full_name varchar(20);

-- case: a side that is NOT NULL cannot be told from one that was given
-- expect: sync-not-null
-- history
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20) NOT NULL);
-- file: expand rename
-- directive: sync users.name <-> users.full_name
ALTER TABLE users ADD COLUMN full_name varchar(20);
