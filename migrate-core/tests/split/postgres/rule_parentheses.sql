CREATE TABLE rule_t (a int);
CREATE RULE rule_r AS ON INSERT TO rule_t DO ALSO (
  DELETE FROM rule_t WHERE a = 1;
  DELETE FROM rule_t WHERE a = 2
);
DROP TABLE rule_t;
