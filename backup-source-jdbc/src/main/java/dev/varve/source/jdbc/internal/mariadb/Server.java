package dev.varve.source.jdbc.internal.mariadb;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What kind of server answers, and through which driver.
 *
 * @param version as the server tells it, e.g. {@code 11.4.5-MariaDB}
 * @param mariaDb whether it is MariaDB, not MySQL
 * @param streamFetchSize what makes this driver hand out rows as they come
 */
record Server(String version, boolean mariaDb, int streamFetchSize) {

  /** Asks the driver alone, which knows since it connected. */
  static Server of(Connection connection) throws SQLException {
    DatabaseMetaData told = connection.getMetaData();
    String version = told.getDatabaseProductVersion();
    boolean mysqlDriver = told.getDriverName().toLowerCase(Locale.ROOT).contains("mysql");
    return new Server(
        version,
        version.toLowerCase(Locale.ROOT).contains("mariadb"),
        mysqlDriver ? Integer.MIN_VALUE : 1);
  }

  /** The product's name and version. */
  String product() {
    return (mariaDb ? "MariaDB " : "MySQL ") + version;
  }
}
