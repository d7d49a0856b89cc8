package dev.varve.examples.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads the classes that databases with servers need, without a server: all of the drivers' and of
 * what uses them, and those that a connection needs that is refused. Stateless.
 */
final class DriverClasses {

  /** How the names of jars begin whose classes are loaded. */
  private static final List<String> JARS =
      List.of("backup-source-jdbc-", "postgresql-", "mariadb-java-client-");

  private static final String SUFFIX = ".class";

  private DriverClasses() {}

  /** URLs at which nobody listens. */
  static List<String> deadUrls() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String server = "://127.0.0.1:" + free.getLocalPort() + "/rehearsal";
      return List.of("jdbc:postgresql" + server, "jdbc:mariadb" + server);
    }
  }

  /** Loads what lies in jars of the class path; of a class path of directories nothing. */
  static void load() throws IOException {
    for (String element : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      File file = new File(element);
      if (JARS.stream().anyMatch(file.getName()::startsWith) && file.isFile()) {
        loadAll(file);
      }
    }
  }

  private static void loadAll(File file) throws IOException {
    try (JarFile jar = new JarFile(file)) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (name.endsWith(SUFFIX) && !name.contains("-")) {
          load(name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'));
        }
      }
    }
  }

  /** Drivers have classes for libraries that are not there. */
  private static boolean load(String name) {
    try {
      Class.forName(name, false, DriverClasses.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError unusable) {
      return false;
    }
  }
}
