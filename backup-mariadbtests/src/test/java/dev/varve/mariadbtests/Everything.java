package dev.varve.mariadbtests;

import java.util.List;

/** A schema with one of everything. Stateless. */
final class Everything {

  private Everything() {}

  private static final List<String> STATEMENTS =
      List.of(
          "SET time_zone='+00:00'",
          "SET sql_mode='ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'",
          "CREATE SEQUENCE invoice_numbers START WITH 100 INCREMENT BY 5 CACHE 10",
          "SELECT NEXTVAL(invoice_numbers)",
          // All types.
          "CREATE TABLE all_types (id INT PRIMARY KEY, t TINYINT, tu TINYINT(3) UNSIGNED ZEROFILL,"
              + " bo BOOLEAN, s SMALLINT, m MEDIUMINT, bi BIGINT UNSIGNED, de DECIMAL(65,30), f"
              + " FLOAT, f2 FLOAT(7,3), d DOUBLE, d2 DOUBLE(20,5), b1 BIT(1), b9 BIT(9), b64 BIT(64),"
              + " da DATE, ti TIME(6), dt DATETIME(6), ts TIMESTAMP(3) NULL, y YEAR, c CHAR(10), l1"
              + " VARCHAR(20) CHARACTER SET latin1, sj VARCHAR(20) CHARACTER SET sjis, u2 VARCHAR(20)"
              + " CHARACTER SET ucs2, u32 VARCHAR(20) CHARACTER SET utf32, u3 VARCHAR(20) CHARACTER"
              + " SET utf8mb3 COLLATE utf8mb3_bin, tt TINYTEXT, tx TEXT, mt MEDIUMTEXT, lt LONGTEXT,"
              + " bin BINARY(5), vb VARBINARY(20), tb TINYBLOB, bl BLOB, mb MEDIUMBLOB, lb LONGBLOB,"
              + " en ENUM('a','b','ü','x''y'), se SET('x','y','ä'), js JSON, g GEOMETRY, p POINT, ls"
              + " LINESTRING, po POLYGON, mp MULTIPOINT, gc GEOMETRYCOLLECTION, u UUID, i4 INET4, i6"
              + " INET6, hidden INT INVISIBLE, gen INT AS (id+1) STORED, gv VARCHAR(30) AS"
              + " (CONCAT('v',id)) VIRTUAL)",
          "INSERT INTO all_types (id,t,tu,bo,s,m,bi,de,f,f2,d,d2,b1,b9,b64,da,ti,dt,ts,y,c,l1,sj,u2,u32,u3,"
              + "tt,tx,mt,lt,bin,vb,tb,bl,mb,lb,en,se,js,g,p,ls,po,mp,gc,u,i4,i6,hidden) VALUES"
              + " (1,-128,7,1,-32768,8388607,18446744073709551615,"
              + "-12345678901234567890123456789012345.123456789012345678901234567890,0.1,1.2345,1e-300,"
              + "12345.67891,b'1',b'101010101',b'"
              + "1".repeat(64)
              + "','0000-00-00','-838:59:59.999999','2023-02-30 01:02:03.000004','2024-01-01"
              + " 00:00:00.123',0,'x  ','ü€ÿ',_sjis x'835c5c','ab','😀','ö','a\\tb\\nc\\\\d','\\\\N',"
              + "'😀\\0\\Z\\'\\\"','{}',x'0001',x'ff005c090a0d',x'5c5c',x'',x'00',x'5c4e0a','','x,ä',"
              + "'{\"a\": [1, null]}',ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))',4326),POINT(1.5,-2),"
              + "ST_GeomFromText('LINESTRING(0 0,1 1)'),ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))'),"
              + "ST_GeomFromText('MULTIPOINT(0 0,1 1)'),ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1"
              + " 1))'),'123e4567-e89b-12d3-a456-426614174000','1.2.3.4','::1',42)",
          "INSERT INTO all_types (id) VALUES (2)",
          "INSERT INTO all_types (id,d,f,da,dt,ts,en,ti,d2) VALUES (0,-0.0,-1.17549e-38,"
              + "'9999-12-31','0000-00-00 00:00:00','2038-01-19 03:14:07.999','ü','00:00:00',-0.5),"
              + "(-1,1.7976931348623157e308,3.40282e38,'2024-00-10','2024-02-00 10:00:00',"
              + "'1970-01-01 00:00:01','x\\'y','838:59:59',99999)",
          // Keys, automatic numbers, defaults, checks.
          "CREATE TABLE customers (id INT UNSIGNED NOT NULL AUTO_INCREMENT, name VARCHAR(50) NOT NULL"
              + " COMMENT 'who''s this', email VARCHAR(100) COLLATE utf8mb4_bin, born DATE DEFAULT"
              + " (CURRENT_DATE), score DECIMAL(5,2) DEFAULT 0.5 CHECK (score < 900), changed TIMESTAMP"
              + " NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY (id),"
              + " UNIQUE KEY (email), KEY by_name (name(10)), FULLTEXT KEY words (name), CONSTRAINT"
              + " named CHECK (name <> '')) ENGINE=InnoDB AUTO_INCREMENT=5000 ROW_FORMAT=COMPRESSED"
              + " COMMENT='all customers'",
          "INSERT INTO customers (id,name,email,changed) VALUES (0,'nobody',NULL,'2024-01-01 10:00:00'),"
              + "(1,'Ann','ann@example.org','2024-01-01 10:00:00'),(7,'Bob 😀','BOB@example.org',"
              + "'2024-05-01 10:00:00')",
          "CREATE TABLE orders (id BIGINT PRIMARY KEY, customer INT UNSIGNED, parent BIGINT, number"
              + " BIGINT DEFAULT NEXTVAL(invoice_numbers), total DECIMAL(10,2), KEY (customer),"
              + " CONSTRAINT of_customer FOREIGN KEY (customer) REFERENCES customers (id) ON DELETE"
              + " CASCADE ON UPDATE SET NULL, CONSTRAINT part_of FOREIGN KEY (parent) REFERENCES orders"
              + " (id))",
          "INSERT INTO orders (id,customer,parent,total) VALUES (2,1,NULL,20.5),(3,7,2,0),(1,1,3,10)",
          "CREATE TABLE events_by_day (day DATE NOT NULL, n INT, what VARCHAR(20)) PARTITION BY RANGE"
              + " (YEAR(day)) SUBPARTITION BY HASH (MONTH(day)) SUBPARTITIONS 2 (PARTITION p0 VALUES"
              + " LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE)",
          "INSERT INTO events_by_day VALUES ('2019-05-05',1,'a'),('2021-01-01',2,'b')",
          "CREATE TABLE places (id INT PRIMARY KEY, at POINT REF_SYSTEM_ID=4326 NOT NULL, SPATIAL INDEX"
              + " (at))",
          "INSERT INTO places VALUES (1, ST_GeomFromText('POINT(1 2)',4326))",
          "CREATE TABLE `odd ``name/with\\\\` (`a\"b` INT, `c'd` VARCHAR(10), `e,f` INT, PRIMARY KEY"
              + " (`a\"b`))",
          "INSERT INTO `odd ``name/with\\\\` VALUES (1,'x',2)",
          "CREATE TABLE empty_one (id INT)",
          "CREATE TABLE without_key (a INT, b TEXT)",
          "INSERT INTO without_key VALUES (2,'two'),(1,'one'),(2,'two')",
          "CREATE TABLE old_engine (id INT PRIMARY KEY, b TEXT) ENGINE=MyISAM",
          "INSERT INTO old_engine VALUES (1,'x'),(2,'y')",
          "CREATE TABLE aria_one (id INT PRIMARY KEY, b TEXT) ENGINE=Aria TRANSACTIONAL=1",
          "INSERT INTO aria_one VALUES (1,'x')",
          "CREATE TABLE in_memory (id INT PRIMARY KEY, b VARCHAR(10)) ENGINE=MEMORY",
          "INSERT INTO in_memory VALUES (1,'x')",
          "CREATE TABLE latin (id INT PRIMARY KEY, t VARCHAR(300)) CHARACTER SET latin1 COLLATE"
              + " latin1_german1_ci",
          "INSERT INTO latin VALUES (1,'äöü')",
          "CREATE TABLE versioned (id INT PRIMARY KEY, x INT) WITH SYSTEM VERSIONING",
          "INSERT INTO versioned VALUES (1,1)",
          "UPDATE versioned SET x=2",
          "CREATE TABLE periods (id INT, b DATE, e DATE, PERIOD FOR life (b,e), UNIQUE (id, life WITHOUT"
              + " OVERLAPS))",
          "INSERT INTO periods VALUES (1,'2020-01-01','2021-01-01')",
          // Views whose names are not in the order of what they need.
          "CREATE VIEW z_names AS SELECT id, name FROM customers",
          "CREATE VIEW a_of_z AS SELECT name, CONCAT(name,' ü') AS shout FROM z_names WITH CASCADED CHECK"
              + " OPTION",
          "CREATE ALGORITHM=TEMPTABLE SQL SECURITY INVOKER VIEW counts AS SELECT customer, COUNT(*) n,"
              + " doubled(2) d FROM orders GROUP BY customer".replace("doubled(2)", "2"),
          // Programs.
          "CREATE FUNCTION doubled(x INT) RETURNS INT DETERMINISTIC RETURN x * 2",
          "CREATE VIEW uses_function AS SELECT doubled(id) AS twice FROM customers",
          "CREATE PROCEDURE fill(IN n INT, OUT done INT) COMMENT 'it''s; a procedure' BEGIN DECLARE i INT"
              + " DEFAULT 0; WHILE i < n DO SET i = i + 1; END WHILE; SET done = i; -- ü; ?\n END",
          "SET sql_mode='ANSI_QUOTES,PIPES_AS_CONCAT'",
          "CREATE FUNCTION ansi(a VARCHAR(20)) RETURNS VARCHAR(40) NO SQL RETURN a || 'b'",
          "SET collation_connection='latin1_swedish_ci'",
          "CREATE PROCEDURE latin_literals() SELECT 'x'",
          "SET NAMES utf8mb4",
          "SET sql_mode='ORACLE'",
          "CREATE PACKAGE tools AS FUNCTION one RETURN INT; PROCEDURE two; END",
          "CREATE PACKAGE BODY tools AS FUNCTION one RETURN INT AS BEGIN RETURN 1; END; PROCEDURE two AS"
              + " BEGIN SELECT 2; END; END",
          "SET sql_mode=''",
          "CREATE AGGREGATE FUNCTION total(x INT) RETURNS INT BEGIN DECLARE s INT DEFAULT 0; DECLARE"
              + " CONTINUE HANDLER FOR NOT FOUND RETURN s; LOOP FETCH GROUP NEXT ROW; SET s = s + x; END"
              + " LOOP; END",
          "CREATE TRIGGER second BEFORE INSERT ON customers FOR EACH ROW SET NEW.name = TRIM(NEW.name)",
          "CREATE TRIGGER first BEFORE INSERT ON customers FOR EACH ROW PRECEDES second BEGIN IF NEW.email"
              + " = '' THEN SET NEW.email = NULL; END IF; END",
          "CREATE TRIGGER after_order AFTER DELETE ON orders FOR EACH ROW UPDATE versioned SET x = x + 1",
          "CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 03:00:00' ON COMPLETION PRESERVE"
              + " COMMENT 'ü' DO DELETE FROM empty_one",
          "SET time_zone='+05:00'",
          "CREATE EVENT disabled_one ON SCHEDULE AT '2031-01-01 03:00:00' DISABLE DO SELECT 1",
          "SET time_zone='+00:00'");

  /** Fills an empty schema. */
  static void make(MariaDbServer server, String schema) {
    server.run(schema, STATEMENTS);
  }
}
