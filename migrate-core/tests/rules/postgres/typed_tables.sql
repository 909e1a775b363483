-- Cases: tables whose columns come from a composite type, and tables that inherit.

-- case: a table of a type has the columns of the type
-- expect: none
CREATE TYPE person AS (number int, nick text);
CREATE TABLE known_people OF person (number WITH OPTIONS PRIMARY KEY, nick DEFAULT 'x');
CREATE INDEX known_people_nick ON known_people (nick);
INSERT INTO known_people (number, nick) VALUES (1, 'a');

-- case: a table of a type has no other columns
-- expect: missing-object
CREATE TYPE person AS (number int, nick text);
CREATE TABLE known_people OF person (PRIMARY KEY (number));
CREATE INDEX known_people_nick ON known_people (nik);

-- case: a table of a type gets no column of its own
-- expect: refused-statement
CREATE TYPE person AS (number int, nick text);
CREATE TABLE known_people OF person (PRIMARY KEY (number));
ALTER TABLE known_people ADD COLUMN age int;

-- case: a table that is of no type any more gets columns of its own
-- expect: none
CREATE TYPE person AS (number int, nick text);
CREATE TABLE known_people OF person (PRIMARY KEY (number));
ALTER TABLE known_people NOT OF;
ALTER TABLE known_people ADD COLUMN age int;
CREATE INDEX known_people_age ON known_people (age);

-- case: a table that becomes one of a type gets no column of its own
-- expect: refused-statement
CREATE TYPE person AS (number int, nick text);
CREATE TABLE known_people (number int, nick text, PRIMARY KEY (number));
ALTER TABLE known_people OF person;
ALTER TABLE known_people DROP COLUMN nick;

-- case: a table of a type gets the attributes that the type gets
-- expect: none
CREATE TYPE person AS (number int, nick text);
CREATE TABLE known_people OF person (PRIMARY KEY (number));
ALTER TYPE person ADD ATTRIBUTE age int CASCADE;
CREATE INDEX known_people_age ON known_people (age);

-- case: a table that inherits has no other columns
-- expect: missing-object
-- history
CREATE TABLE beings (id bigint PRIMARY KEY, owner bigint);
-- draft
CREATE TABLE animals (legs int) INHERITS (beings);
CREATE INDEX animals_legs ON animals (leg);

-- case: a table that inherits gets what its parent gets
-- expect: none
-- history
CREATE TABLE beings (id bigint PRIMARY KEY, owner bigint);
-- draft
CREATE TABLE animals (legs int) INHERITS (beings);
CREATE TABLE dogs (barks int) INHERITS (animals);
ALTER TABLE beings ADD COLUMN size int;
ALTER TABLE beings RENAME COLUMN size TO height;
CREATE INDEX animals_height ON animals (height, legs);
CREATE INDEX dogs_height ON dogs (height, barks);

-- case: a table that inherits and its own column
-- expect: none
-- phase: contract
-- history
CREATE TABLE beings (id bigint PRIMARY KEY, size int);
-- draft
CREATE TABLE animals (size int, legs int) INHERITS (beings);
ALTER TABLE beings DROP COLUMN size;
CREATE INDEX animals_size ON animals (size);
