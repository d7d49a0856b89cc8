package dev.varve.servertests;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The wire between client and server, one request a connection, where each request can be counted
 * and spoilt. Safe for use by many threads.
 */
final class Wire implements Closeable {

  /** What happens to one request. */
  enum Fault {
    NONE,
    /** The connection is lost before the server has heard anything. */
    RESET_BEFORE,
    /** The server has done it, but the connection is lost before it can say so. */
    RESET_AFTER,
    /** The server gets half of what was sent. */
    CUT_REQUEST,
    /** One bit of the body is another when it arrives. */
    FLIP_REQUEST,
    /** The client gets half of the answer. */
    CUT_ANSWER,
    /** One bit of the answer's body is another when it arrives. */
    FLIP_ANSWER,
    /** The answer comes in pieces, with pauses between. */
    SLOW_ANSWER,
    /** The server takes its time to read what was sent. */
    SLOW_REQUEST,
    /** The client is told that all is well, but the server hears nothing. */
    SWALLOW,
    ANSWER_500,
    ANSWER_503,
    ANSWER_429,
    /** Not allowed, whatever is tried. */
    ANSWER_403,
    OTHER_REGION,
    EXPIRED,
    CLOCK_SKEW;

    /** What passes when it is tried again, and can be noticed. */
    static final Set<Fault> PASSING =
        Set.of(
            RESET_BEFORE,
            RESET_AFTER,
            CUT_REQUEST,
            FLIP_REQUEST,
            CUT_ANSWER,
            ANSWER_500,
            ANSWER_503,
            ANSWER_429);

    /** What does not, and must be said. */
    static final Set<Fault> LASTING = Set.of(ANSWER_403, OTHER_REGION, EXPIRED, CLOCK_SKEW);
  }

  /** A request as it came. */
  record Request(String method, String path, Map<String, String> headers, byte[] body) {

    /** What kind of request it is, for counting. */
    String kind() {
      return method.equals("GET") && path.contains("list-type=")
          ? "LIST"
          : method.equals("POST") && path.endsWith("?delete") ? "DELETE-MANY" : method;
    }
  }

  private static final int MOST_HEAD_BYTES = 64 * 1024;
  private static final int PIECE_BYTES = 64 * 1024;

  private final URI server;
  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private volatile Function<Request, Fault> faults = request -> Fault.NONE;
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private long freeAtNanos = System.nanoTime();

  /** A wire to a server, which spoils nothing yet. */
  Wire(URI server) throws IOException {
    this.server = server;
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread listener = new Thread(this::listen, "wire");
    listener.setDaemon(true);
    listener.start();
  }

  /** Where to send requests. */
  String endpoint() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** Says what happens to requests from now on. */
  void spoil(Function<Request, Fault> faults) {
    this.faults = faults;
  }

  /** Takes bodies only so fast from now on, all of them together, as a line would. */
  void pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** How many requests there were, by kind. */
  Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((kind, count) -> all.put(kind, count.get()));
    return all;
  }

  /** How many bytes bodies had, both ways. */
  long bytes() {
    return bytes.get();
  }

  /** Begins to count anew. */
  void forgetCounts() {
    counts.clear();
    bytes.set(0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket one : open) {
      one.close();
    }
  }

  private void listen() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        Thread worker = new Thread(() -> serve(client), "wire request");
        worker.setDaemon(true);
        worker.start();
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      Request request = receive(in, out);
      counts.computeIfAbsent(request.kind(), kind -> new AtomicLong()).incrementAndGet();
      bytes.addAndGet(request.body().length);
      answer(client, out, request, faults.apply(request));
    } catch (IOException lost) {
      // As wires do; the client sees it.
      open.remove(client);
    } finally {
      open.remove(client);
    }
  }

  private void answer(Socket client, OutputStream out, Request request, Fault fault)
      throws IOException {
    switch (fault) {
      case NONE -> out.write(forward(request));
      case RESET_BEFORE -> reset(client);
      case RESET_AFTER -> {
        forward(request);
        reset(client);
      }
      case CUT_REQUEST -> {
        cut(request);
        reset(client);
      }
      case FLIP_REQUEST -> {
        byte[] body = request.body().clone();
        if (body.length > 0) {
          body[body.length / 2] ^= 0x10;
        }
        out.write(forward(new Request(request.method(), request.path(), request.headers(), body)));
      }
      case CUT_ANSWER -> {
        byte[] answer = forward(request);
        out.write(answer, 0, answer.length - Math.max(1, bodyLength(answer) / 2));
      }
      case FLIP_ANSWER -> {
        byte[] answer = forward(request);
        int length = bodyLength(answer);
        if (length > 0) {
          answer[answer.length - 1 - length / 2] ^= 0x10;
        }
        out.write(answer);
      }
      case SLOW_ANSWER -> trickle(forward(request), out);
      case SLOW_REQUEST -> {
        pause();
        out.write(forward(request));
      }
      case SWALLOW -> {
        pause();
        String done = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        out.write(done.getBytes(StandardCharsets.US_ASCII));
      }
      case OTHER_REGION -> out.write(error("301 Moved Permanently", "PermanentRedirect"));
      case EXPIRED -> out.write(error("400 Bad Request", "ExpiredToken"));
      case CLOCK_SKEW -> out.write(error("403 Forbidden", "RequestTimeTooSkewed"));
      case ANSWER_500 -> out.write(error("500 Internal Server Error", "InternalError"));
      case ANSWER_503 -> out.write(error("503 Slow Down", "SlowDown"));
      case ANSWER_429 -> out.write(error("429 Too Many Requests", "TooManyRequests"));
      case ANSWER_403 -> out.write(error("403 Forbidden", "AccessDenied"));
    }
    out.flush();
  }

  private static void trickle(byte[] answer, OutputStream out) throws IOException {
    int piece = answer.length / 20 + 1;
    for (int i = 0; i < answer.length; i += piece) {
      pause();
      out.write(answer, i, Math.min(piece, answer.length - i));
      out.flush();
    }
  }

  private static void pause() {
    LockSupport.parkNanos(20_000_000);
  }

  private static int bodyLength(byte[] answer) {
    String text = new String(answer, StandardCharsets.ISO_8859_1);
    return answer.length - text.indexOf("\r\n\r\n") - 4;
  }

  /** Closing with unread input, or without lingering, tells the other side at once. */
  private static void reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
  }

  static byte[] error(String status, String code) {
    String body = "<Error><Code>" + code + "</Code><Message>As the test wants</Message></Error>";
    return ("HTTP/1.1 "
            + status
            + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private Request receive(InputStream in, OutputStream out) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = readLine(in);
    while (!line.isEmpty()) {
      lines.add(line);
      line = readLine(in);
    }
    String[] first = lines.get(0).split(" ", 3);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header : lines.subList(1, lines.size())) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
    if (headers.containsKey("Expect")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
    int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
    byte[] body = new byte[length];
    for (int read = 0; read < length; ) {
      int piece = in.read(body, read, Math.min(length - read, PIECE_BYTES));
      if (piece < 0) {
        throw new EOFException("The client went away");
      }
      read += piece;
      pass(piece);
    }
    return new Request(first[0], first[1], headers, body);
  }

  /** Returns when the line has carried so many more bytes. */
  private void pass(int bytes) {
    long rate = bytesPerSecond;
    if (rate == Long.MAX_VALUE) {
      return;
    }
    long done;
    synchronized (this) {
      long now = System.nanoTime();
      freeAtNanos = (freeAtNanos - now < 0 ? now : freeAtNanos) + bytes * 1_000_000_000L / rate;
      done = freeAtNanos;
    }
    for (long left = done - System.nanoTime(); left > 0; left = done - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > MOST_HEAD_BYTES) {
        throw new EOFException("The client went away");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private byte[] forward(Request request) throws IOException {
    try (Socket backend = send(request, request.body().length)) {
      byte[] answer = backend.getInputStream().readAllBytes();
      bytes.addAndGet(bodyLength(answer));
      return answer;
    }
  }

  private void cut(Request request) throws IOException {
    send(request, request.body().length / 2).close();
  }

  private Socket send(Request request, int bodyBytes) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!Set.of("expect", "connection").contains(name.toLowerCase(Locale.ROOT))) {
                head.append(name).append(": ").append(value).append("\r\n");
              }
            });
    head.append("Connection: close\r\n\r\n");
    Socket backend = new Socket(server.getHost(), server.getPort());
    OutputStream out = backend.getOutputStream();
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(request.body(), 0, bodyBytes);
    out.flush();
    return backend;
  }
}
