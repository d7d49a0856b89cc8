CREATE TABLE shop.newest (
  a integer CONSTRAINT a_is_there NOT NULL,
  b integer GENERATED ALWAYS AS (a * 2) VIRTUAL,
  c integer NOT NULL NO INHERIT,
  d integer CONSTRAINT newest_d_not_null NOT NULL,
  during daterange,
  CONSTRAINT positive CHECK (c > 0) NOT ENFORCED,
  CONSTRAINT newest_key PRIMARY KEY (a, during WITHOUT OVERLAPS)
);
INSERT INTO shop.newest (a, c, d, during) VALUES (1, -2, 3, '[2025-01-01,2026-01-01)');
CREATE TABLE shop.younger () INHERITS (shop.newest);
ALTER TABLE shop.newest ADD COLUMN e integer;
ALTER TABLE shop.newest ADD CONSTRAINT e_there NOT NULL e NOT VALID;
CREATE TABLE shop.ids (id integer GENERATED ALWAYS AS IDENTITY, region text) PARTITION BY LIST (region);
CREATE TABLE shop.ids_eu PARTITION OF shop.ids FOR VALUES IN ('eu');
INSERT INTO shop.ids (region) VALUES ('eu'), ('eu');
