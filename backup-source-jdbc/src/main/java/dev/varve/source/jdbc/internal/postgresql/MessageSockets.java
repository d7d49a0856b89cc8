package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Connections;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;

/**
 * Makes the sockets of the driver, which finds it by its name, and remembers what a connection that
 * is being opened reads from. Safe for use by many threads.
 */
public final class MessageSockets extends SocketFactory {

  /** What is being opened, by the argument its factory gets. */
  private static final Map<String, Optional<MessageInput>> OPENING = new ConcurrentHashMap<>();

  private final String opening;

  /** As the driver calls it. */
  public MessageSockets(String opening) {
    this.opening = opening;
  }

  /**
   * A connection, and what it reads from where that can be had.
   *
   * @param connection the connection
   * @param messages what the server sends to it
   */
  record Opened(Connection connection, Optional<MessageInput> messages) {}

  /** Opens a connection that reads from a socket of this factory, if its driver can have one. */
  static Opened open(Connections connections) throws SQLException, IOException {
    String name = UUID.randomUUID().toString();
    OPENING.put(name, Optional.empty());
    try {
      Connection connection =
          connections.open(
              MessageSockets.class,
              Map.of("socketFactory", MessageSockets.class.getName(), "socketFactoryArg", name));
      return new Opened(connection, OPENING.getOrDefault(name, Optional.empty()));
    } finally {
      // Whatever the driver opens later with this name, to cancel a statement, is nobody's.
      OPENING.remove(name);
    }
  }

  @Override
  public Socket createSocket() {
    return new Watched(opening);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unused();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
      throws IOException {
    throw unused();
  }

  private static IOException unused() {
    return new IOException("The driver makes its sockets before it connects them");
  }

  /** A socket whose input is always the same. */
  private static final class Watched extends Socket {

    private final String opening;
    private Optional<MessageInput> input = Optional.empty();

    Watched(String opening) {
      this.opening = opening;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (input.isEmpty()) {
        MessageInput made = new MessageInput(super.getInputStream());
        input = Optional.of(made);
        // Of several servers that are tried the last one is the one that is connected to.
        OPENING.computeIfPresent(opening, (name, earlier) -> Optional.of(made));
      }
      return input.get();
    }
  }
}
