package dev.varve.mariadbtests;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Passes connections on to a server, and for those of the moment stops when it is told to: what
 * clients send is not taken, and nothing is said, as with a server that has gone while there was no
 * room in the connection. Safe for use by many threads.
 */
final class StallingProxy implements Closeable {

  private final ServerSocket entrance;
  private final String host;
  private final int port;
  private final List<Passage> passages = new ArrayList<>();

  private static final class Passage {

    private final Socket client;
    private final Socket server;
    private final CountDownLatch resumed = new CountDownLatch(1);
    private volatile boolean stalled;

    Passage(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void begin() {
      new Thread(() -> pass(client, server)).start();
      new Thread(() -> pass(server, client)).start();
    }

    private void pass(Socket from, Socket to) {
      byte[] buffer = new byte[16 << 10];
      try (client;
          server) {
        for (int count = read(from, buffer); count >= 0; count = read(from, buffer)) {
          to.getOutputStream().write(buffer, 0, count);
        }
      } catch (IOException ended) {
        resumed.countDown();
      }
    }

    /** The end is nothing to be told either. */
    private int read(Socket from, byte[] buffer) throws IOException {
      int count;
      try {
        count = from.getInputStream().read(buffer);
      } catch (IOException reset) {
        count = -1;
      }
      if (stalled) {
        try {
          resumed.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      return count;
    }
  }

  private StallingProxy(ServerSocket entrance, String host, int port) {
    this.entrance = entrance;
    this.host = host;
    this.port = port;
  }

  /** One before the server at {@code host:port}. */
  static StallingProxy before(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    StallingProxy proxy =
        new StallingProxy(
            entrance, address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    new Thread(proxy::accept).start();
    return proxy;
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Passage passage = new Passage(entrance.accept(), new Socket(host, port));
        synchronized (this) {
          passages.add(passage);
        }
        passage.begin();
      } catch (IOException closed) {
        resume();
      }
    }
  }

  String address() {
    return "127.0.0.1:" + entrance.getLocalPort();
  }

  /** Stops the connections there are. */
  synchronized void stall() {
    passages.forEach(passage -> passage.stalled = true);
  }

  /** Lets them go on. */
  synchronized void resume() {
    for (Passage passage : passages) {
      passage.stalled = false;
      passage.resumed.countDown();
    }
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    resume();
  }
}
