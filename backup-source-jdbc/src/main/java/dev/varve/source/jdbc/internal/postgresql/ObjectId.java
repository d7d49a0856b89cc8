package dev.varve.source.jdbc.internal.postgresql;

/**
 * What PostgreSQL calls an object: a row of one of its catalogs.
 *
 * @param catalog the catalog's name, e.g. {@code pg_class}
 * @param oid the row's number
 */
record ObjectId(String catalog, long oid) {

  static ObjectId relation(long oid) {
    return new ObjectId("pg_class", oid);
  }

  static ObjectId type(long oid) {
    return new ObjectId("pg_type", oid);
  }

  static ObjectId constraint(long oid) {
    return new ObjectId("pg_constraint", oid);
  }

  static ObjectId schema(long oid) {
    return new ObjectId("pg_namespace", oid);
  }
}
