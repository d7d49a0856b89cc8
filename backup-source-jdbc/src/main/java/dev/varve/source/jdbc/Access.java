package dev.varve.source.jdbc;

import dev.varve.ConfigurationException;
import dev.varve.Options;
import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * How a database is reached: by a URL and a login, or by whatever a host opens connections with.
 * Immutable, safe for use by many threads. Asks for the password anew for each connection, and
 * shows it nowhere, not even where a driver would.
 */
final class Access implements Connections {

  private static final Map<String, String> DRIVERS =
      Map.of(
          "postgresql", "org.postgresql:postgresql",
          "mariadb", "org.mariadb.jdbc:mariadb-java-client",
          "mysql", "com.mysql:mysql-connector-j",
          "h2", "com.h2database:h2",
          "sqlite", "org.xerial:sqlite-jdbc");

  private final Optional<ConnectionSupplier> supplier;
  private final String url;
  private final Optional<String> user;
  private final Optional<Supplier<? extends CharSequence>> password;

  private Access(
      Optional<ConnectionSupplier> supplier,
      String url,
      Optional<String> user,
      Optional<Supplier<? extends CharSequence>> password) {
    this.supplier = supplier;
    this.url = url;
    this.user = user;
    this.password = password;
  }

  static Access by(ConnectionSupplier supplier) {
    return new Access(Optional.of(supplier), "", Optional.empty(), Optional.empty());
  }

  static Access by(DataSource database) {
    return by(database::getConnection);
  }

  /**
   * By a URL.
   *
   * @throws ConfigurationException if it is none or holds a password
   */
  static Access by(String url) {
    DatabaseUrl.checked(url);
    return new Access(Optional.empty(), url, Optional.empty(), Optional.empty());
  }

  /**
   * By a URL and the options {@code user}, {@code password-file} and {@code password-env}.
   *
   * @throws ConfigurationException if these cannot be used
   */
  static Access by(String url, Options options) {
    Access access = by(url);
    Optional<String> user = options.find("user");
    Optional<String> file = options.find("password-file");
    Optional<String> variable = options.find("password-env");
    if (file.isPresent() && variable.isPresent()) {
      throw new ConfigurationException(
          "Both password-file and password-env are given; give one of them");
    }
    if (user.isPresent()) {
      access = access.user(user.get());
    }
    if (file.isPresent()) {
      Path path = Path.of(file.get());
      return access.password(() -> firstLine(path));
    }
    return variable.isPresent() ? access.password(() -> variable(variable.get())) : access;
  }

  Access user(String name) {
    return new Access(supplier, requireUrl("user"), Optional.of(name), password);
  }

  Access password(Supplier<? extends CharSequence> secret) {
    return new Access(supplier, requireUrl("password"), user, Optional.of(secret));
  }

  private String requireUrl(String what) {
    if (supplier.isPresent()) {
      throw new ConfigurationException(
          "A " + what + " goes with a URL; what opens connections by itself has its own");
    }
    return url;
  }

  @Override
  public Connection open() throws SQLException, IOException {
    if (supplier.isPresent()) {
      return supplier.get().open();
    }
    return open(driver(), Map.of());
  }

  @Override
  public Connection open(Class<?> helper, Map<String, String> properties)
      throws SQLException, IOException {
    if (supplier.isPresent()) {
      return supplier.get().open();
    }
    Driver driver = driver();
    boolean own = properties.keySet().stream().anyMatch(url::contains);
    return open(driver, own || !sees(driver, helper) ? Map.of() : properties);
  }

  private static boolean sees(Driver driver, Class<?> helper) {
    try {
      ClassLoader loader = driver.getClass().getClassLoader();
      return Class.forName(helper.getName(), false, loader) == helper;
    } catch (ClassNotFoundException unseen) {
      return false;
    }
  }

  private Connection open(Driver driver, Map<String, String> properties)
      throws SQLException, IOException {
    Properties login = new Properties();
    login.putAll(properties);
    user.ifPresent(name -> login.setProperty("user", name));
    String secret = password.map(p -> p.get().toString()).orElse("");
    if (password.isPresent()) {
      login.setProperty("password", secret);
    }
    Connection connection;
    try {
      connection = driver.connect(url, login);
    } catch (SQLException failure) {
      throw withoutSecret(failure, secret);
    }
    if (connection == null) {
      throw new SQLException("No driver takes " + this, "08001");
    }
    return connection;
  }

  /** What the URL says; by a connection's own where there is none. */
  DatabaseUrl location() throws SQLException, IOException {
    if (supplier.isEmpty()) {
      return DatabaseUrl.parse(url);
    }
    try (Connection connection = open()) {
      String known = connection.getMetaData().getURL();
      return DatabaseUrl.parse(known == null ? "" : known);
    }
  }

  @Override
  public String toString() {
    return supplier.isPresent() ? "a database" : DatabaseUrl.parse(url).toString();
  }

  /** The driver for the URL: of those this class sees, or else of those the calling thread sees. */
  private Driver driver() throws SQLException {
    try {
      return DriverManager.getDriver(url);
    } catch (SQLException none) {
      for (ServiceLoader.Provider<Driver> provider :
          ServiceLoader.load(Driver.class).stream().toList()) {
        Optional<Driver> driver = usable(provider);
        if (driver.isPresent() && driver.get().acceptsURL(url)) {
          return driver.get();
        }
      }
      String product = DatabaseUrl.parse(url).product();
      throw new ConfigurationException(
          "No JDBC driver on the class path takes "
              + this
              + "; add "
              + DRIVERS.getOrDefault(product, "the driver for " + product),
          none);
    }
  }

  /** A broken driver hides no other. */
  private static Optional<Driver> usable(ServiceLoader.Provider<Driver> provider) {
    try {
      return Optional.of(provider.get());
    } catch (ServiceConfigurationError broken) {
      return Optional.empty();
    }
  }

  /** The failure, or one like it that does not hold the secret. */
  private static SQLException withoutSecret(SQLException failure, String secret) {
    boolean shown = false;
    for (Throwable cause = failure; cause != null && !secret.isEmpty(); cause = cause.getCause()) {
      shown |= cause.getMessage() != null && cause.getMessage().contains(secret);
    }
    if (!shown) {
      return failure;
    }
    SQLException masked =
        new SQLException(
            String.valueOf(failure.getMessage()).replace(secret, "***"),
            failure.getSQLState(),
            failure.getErrorCode());
    masked.setStackTrace(failure.getStackTrace());
    return masked;
  }

  private static String firstLine(Path file) {
    try (var lines = Files.newBufferedReader(file)) {
      String line = lines.readLine();
      return line == null ? "" : line;
    } catch (IOException failure) {
      throw new ConfigurationException(
          "The password file " + file + " cannot be read: " + failure, failure);
    }
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    if (value == null) {
      throw new ConfigurationException(
          "The environment variable " + name + " is not set; it should hold a password");
    }
    return value;
  }
}
