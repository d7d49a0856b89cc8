package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.varve.BackupException;
import dev.varve.Snapshot;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class H2RoundTripTest {

  private final String from = Databases.h2();
  private final String to = Databases.h2();
  private final Repos repos = new Repos();

  @BeforeEach
  void fill() throws Exception {
    Databases.run(
        from,
        "create schema app",
        "create domain app.email as varchar(100) check (value like '%@%')",
        "create sequence app.seq start with 5",
        "create alias app.twice as 'int twice(int x){return 2*x;}'",
        "create constant app.one value 1",
        "create table app.customers(id bigint generated always as identity primary key, e app.email"
            + " not null, d decimal(10,2) default 1.5, g int generated always as (2*3), arr int"
            + " array, i interval day to second, y interval year to month, j json, u uuid, x double"
            + " precision, r real, df decfloat, unique(e), check (d>0))",
        "create table orders(id int default next value for app.seq primary key, c bigint references"
            + " app.customers(id) on delete cascade, t timestamp(9) with time zone, ts timestamp(9),"
            + " dt date, ti time(9), tz time(9) with time zone, b blob, cl clob, en enum('a','b''c'),"
            + " bo boolean, vb varbinary(20), ch char(5), ti8 tinyint, geo geometry)",
        "create index ix on orders(c desc, t)",
        "create view app.v as select o.id, c.e from orders o join app.customers c on c.id=o.c",
        "comment on table orders is 'it''s'",
        "comment on column orders.c is 'who'",
        "create table \"we \"\"ird.t/able\"(\"a b\" int, \"select\" varchar)",
        "create synonym syn for app.customers",
        "insert into app.customers(e,arr,i,y,j,u,x,r,df) values('a@b',array[1,null],interval '1"
            + " 02:03:04.5' day to second,interval '1-2' year to month,json '{\"a\":[1,2]}',"
            + " '2d1e7b3c-0d5e-4c1a-9b1e-0123456789ab','NaN','-Infinity','1.20E+100')",
        "insert into app.customers(e,x,r,df,j) values('c\\d@\te\nf',-0.0,1e-45,'NaN',json 'null')",
        "insert into orders(c,t,ts,dt,ti,tz,b,cl,en,bo,vb,ch,ti8,geo) values(1,timestamp with time zone"
            + " '2020-01-02 03:04:05.123456789+05:30',timestamp '-0044-03-15 01:02:03.000000001',date"
            + " '12345-01-02',time '23:59:59.999999999',time with time zone '01:02:03-08:00',"
            + " X'00ff0a095c',U&'x\\0000y\\+01f600\\d800','b''c',true,X'',  'ab', -7, 'POINT(1 2)')",
        "insert into orders(id) values(-1)",
        "insert into \"we \"\"ird.t/able\" values(1,''),(1,'\\N'),(null,null)");
  }

  @AfterEach
  void close() {
    repos.close();
  }

  @Test
  void restore_intoAnEmptyDatabase_isTheSame() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));

    assertTrue(repos.restore(snapshot, JdbcTarget.into(to)).complete());

    assertEquals(Databases.all(from), Databases.all(to));
    assertEquals(
        Databases.rows(from, "select * from syn"), Databases.rows(to, "select * from syn"));
  }

  @Test
  void script_runByH2_isTheSame() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));

    Databases.run(to, repos.script(snapshot));

    assertEquals(Databases.all(from), Databases.all(to));
  }

  @Test
  void identity_isTheDatabasesName() {
    assertTrue(JdbcSource.of(from).identity().name().startsWith("test"));
    assertEquals("jdbc", JdbcSource.of(from).identity().kind());
  }

  @Test
  void paths_areWhatPeopleExpect() {
    List<String> paths = repos.paths(repos.backup(JdbcSource.of(from)));

    assertTrue(paths.contains("PUBLIC/tables/ORDERS/rows"), paths.toString());
    assertTrue(paths.contains("varve/plan"), paths.toString());
    assertTrue(paths.contains("PUBLIC/tables/we \"ird.t%2Fable/definition"), paths.toString());
  }

  @Test
  void restore_tableThere_isRefusedAndNothingIsMade() throws Exception {
    Databases.run(to, "create table orders(kept int)");
    Snapshot snapshot = repos.backup(JdbcSource.of(from));
    List<List<String>> before = Databases.all(to);

    BackupException refused =
        assertThrows(BackupException.class, () -> repos.restore(snapshot, JdbcTarget.into(to)));

    assertTrue(String.valueOf(refused.getMessage()).contains("ORDERS"), refused.getMessage());
    assertEquals(before, Databases.all(to));
  }

  @Test
  void restore_oneTable_bringsWhatItRequires() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));

    repos.restore(snapshot, JdbcTarget.into(to).tables("PUBLIC.ORDERS"));

    assertEquals(
        Databases.rows(from, "select * from orders order by id"),
        Databases.rows(to, "select * from orders order by id"));
    assertEquals(2, Databases.rows(to, "select * from app.customers").size());
  }

  @Test
  void restore_schemaRenamed_isThereUnderTheOtherName() throws Exception {
    Snapshot snapshot = repos.backup(JdbcSource.of(from));

    repos.restore(snapshot, JdbcTarget.into(to).schema("PUBLIC", "OTHER").schema("APP", "APP2"));

    assertEquals(
        Databases.rows(from, "select * from orders order by id"),
        Databases.rows(to, "select * from other.orders order by id"));
    assertEquals(
        Databases.rows(from, "select * from app.v"), Databases.rows(to, "select * from app2.v"));
  }
}
