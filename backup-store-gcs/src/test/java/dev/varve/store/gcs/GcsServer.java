package dev.varve.store.gcs;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A server that speaks Google Cloud Storage's JSON API, as far as a store needs it, and refuses
 * everything that is not exactly as documented. Each request can be counted, answered otherwise, or
 * spoilt. Safe for use by many threads.
 */
public final class GcsServer implements Closeable {

  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final JsonApi api;
  private volatile boolean deaf;
  private volatile Function<Request, Fault> faults = request -> Fault.NONE;
  private volatile Function<Request, Optional<Answer>> answers = request -> Optional.empty();

  /** A server with one empty bucket, {@code bucket}. */
  public GcsServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    api = new JsonApi(endpoint());
    Thread listener = new Thread(this::listen, "gcs server");
    listener.setDaemon(true);
    listener.start();
  }

  /** Where to send requests. */
  public String endpoint() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  /** What it keeps, and how it behaves. */
  public JsonApi api() {
    return api;
  }

  /** Says what happens to requests from now on. */
  public void spoil(Function<Request, Fault> faults) {
    this.faults = faults;
  }

  /** Says what is answered from now on, where it is not left to the server. */
  public void answer(Function<Request, Optional<Answer>> answers) {
    this.answers = answers;
  }

  /** From now on takes nothing more of what clients send, and does not go away either. */
  public void deafen() {
    deaf = true;
  }

  /** How many requests there were, by kind. */
  public Map<String, Long> counts() {
    Map<String, Long> all = new TreeMap<>();
    counts.forEach((kind, count) -> all.put(kind, count.get()));
    return all;
  }

  /** How many bytes bodies had, both ways. */
  public long bytes() {
    return bytes.get();
  }

  /** Begins to count anew. */
  public void forgetCounts() {
    counts.clear();
    bytes.set(0);
  }

  /** How many connections clients have open. */
  public int connections() {
    return open.size();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
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
        Thread worker = new Thread(() -> serve(client), "gcs connection");
        worker.setDaemon(true);
        worker.start();
      } catch (IOException stopped) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(new Ear(client.getInputStream()), 64 * 1024);
      OutputStream out = client.getOutputStream();
      Optional<Request> request = Request.read(in);
      while (request.isPresent() && answer(client, out, request.get())) {
        request = Request.read(in);
      }
    } catch (IOException lost) {
      // As wires do; the client sees it.
      open.remove(client);
    } finally {
      open.remove(client);
    }
  }

  /** Answers, and says whether the connection goes on. */
  private boolean answer(Socket client, OutputStream out, Request request) throws IOException {
    counts.computeIfAbsent(request.kind(), kind -> new AtomicLong()).incrementAndGet();
    bytes.addAndGet(request.body().length);
    Fault fault = faults.apply(request);
    switch (fault) {
      case RESET_BEFORE -> {
        return reset(client);
      }
      case RESET_AFTER -> {
        done(request);
        return reset(client);
      }
      case CUT_REQUEST -> {
        byte[] half = new byte[request.body().length / 2];
        System.arraycopy(request.body(), 0, half, 0, half.length);
        done(request.with(half));
        return reset(client);
      }
      case FLIP_REQUEST -> send(out, done(request.with(flipped(request.body()))));
      case FLIP_ANSWER -> {
        Answer answer = done(request);
        send(out, new Answer(answer.status(), answer.headers(), flipped(answer.body())));
      }
      case CUT_ANSWER -> {
        Answer answer = done(request);
        out.write(answer.head());
        out.write(answer.body(), 0, answer.body().length / 2);
        out.flush();
        return false;
      }
      case SLOW_ANSWER -> {
        Answer answer = done(request);
        out.write(answer.head());
        for (byte one : answer.body()) {
          out.write(one);
          out.flush();
        }
      }
      case STALL_ANSWER -> {
        Answer answer = done(request);
        out.write(answer.head());
        out.write(answer.body(), 0, Math.max(0, answer.body().length - 1));
        out.flush();
        awaitClosed();
        return false;
      }
      case DONE_BUT_ANSWER_503 -> {
        done(request);
        send(out, Answer.error(503, "backendError", "As the test wants"));
      }
      default -> send(out, status(fault).orElseGet(() -> done(request)));
    }
    return true;
  }

  private static Optional<Answer> status(Fault fault) {
    String message = "As the test wants";
    return Optional.ofNullable(
        switch (fault) {
          case ANSWER_401 -> Answer.error(401, "authError", message);
          case ANSWER_403 -> Answer.error(403, "forbidden", message);
          case ANSWER_408 -> Answer.error(408, "requestTimeout", message);
          case ANSWER_429 ->
              Answer.error(429, "rateLimitExceeded", message).with("Retry-After", "7");
          case ANSWER_500 -> Answer.error(500, "internalError", message);
          case ANSWER_503 -> Answer.error(503, "backendError", message);
          default -> null;
        });
  }

  private Answer done(Request request) {
    return answers.apply(request).or(() -> batched(request)).orElseGet(() -> api.answer(request));
  }

  /** Each part is answered as if it were a request of its own, but not counted. */
  private Optional<Answer> batched(Request request) {
    try {
      return Batch.find(request).map(batch -> batch.answer(this::done));
    } catch (Refusal refusal) {
      return Optional.of(refusal.answer());
    }
  }

  private void send(OutputStream out, Answer answer) throws IOException {
    bytes.addAndGet(answer.body().length);
    out.write(answer.head());
    out.write(answer.body());
    out.flush();
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] other = bytes.clone();
    if (other.length > 0) {
      other[other.length / 2] ^= 0x10;
    }
    return other;
  }

  /** Closing without lingering tells the other side at once. */
  private static boolean reset(Socket client) throws IOException {
    client.setSoLinger(true, 0);
    client.close();
    return false;
  }

  /** What comes from a client, unless the server is deaf. */
  private final class Ear extends FilterInputStream {

    Ear(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (deaf) {
        awaitClosed();
      }
      return in.read(into, offset, length);
    }
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
