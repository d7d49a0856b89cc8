package dev.varve.source.elasticsearch;

import java.io.Closeable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Asks a cluster. Safe for use by many threads; closing it breaks off everything. Keeps connections
 * open between requests. Never prints a header.
 */
final class Connection implements Closeable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  /** Of an answer that is read while it arrives. */
  private static final int AHEAD_BYTES = 4 << 20;

  /** A request on its way to a node. */
  record Sent<T>(Call call, int node, CompletableFuture<HttpResponse<T>> response) {}

  private final List<URI> nodes;
  private final Optional<String> authorization;
  private final HttpClient client;
  private final Optional<ExecutorService> threads;
  private final Duration patience;
  private final AtomicInteger node = new AtomicInteger();
  private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);

  Connection(
      List<URI> nodes,
      Optional<String> authorization,
      Optional<HttpClient> given,
      Optional<SSLContext> tls,
      Duration patience) {
    this.nodes = nodes;
    this.authorization = authorization;
    this.patience = patience;
    if (given.isPresent()) {
      client = given.get();
      threads = Optional.empty();
    } else {
      ExecutorService own = Executors.newCachedThreadPool(Connection::thread);
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT_TIMEOUT)
              .executor(own);
      tls.ifPresent(builder::sslContext);
      client = builder.build();
      threads = Optional.of(own);
    }
  }

  /** How long to ask again what may pass. */
  Duration patience() {
    return patience;
  }

  /** The answer of a cluster that was asked once; a status that says no is no failure here. */
  Answer once(Call call) throws IOException {
    Exchange exchange = new Exchange();
    try {
      HttpResponse<byte[]> response =
          await(send(call, BodyHandlers.ofByteArray(), exchange), exchange);
      return new Answer(call, response.statusCode(), response.body());
    } finally {
      done(exchange);
    }
  }

  /**
   * The answer to a call that may be repeated, asked again for a while where that may help.
   *
   * @throws ServerException if the cluster says no
   */
  RawJson ask(Call call) throws IOException {
    Pacing pacing = new Pacing(this::pause, patience);
    while (true) {
      try {
        return once(call).accepted();
      } catch (ServerException e) {
        if (!e.passing()) {
          throw e;
        }
        pacing.waitAfter(e);
      } catch (IOException e) {
        pacing.waitAfter(e);
      }
    }
  }

  /** As {@link #ask}; empty if the cluster says that there is no such thing. */
  Optional<RawJson> askIfThere(Call call) throws IOException {
    try {
      return Optional.of(ask(call));
    } catch (ServerException e) {
      if (e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Asks the cluster to change something, which is not repeated unless it certainly was not done.
   *
   * @throws ServerException if the cluster says no
   */
  RawJson change(Call call) throws IOException {
    Pacing pacing = new Pacing(this::pause, patience);
    while (true) {
      try {
        return once(call).accepted();
      } catch (ServerException e) {
        if (!e.passing() || e.status() == 504) {
          throw e;
        }
        pacing.waitAfter(e);
      } catch (ConnectException e) {
        pacing.waitAfter(e);
      }
    }
  }

  /**
   * The body of an answer while it arrives; reading it fails where it is not complete. Whoever asks
   * says when the exchange is {@link #done}.
   *
   * @throws ServerException if the cluster says no
   */
  ArrivingBody stream(Call call, Exchange exchange) throws IOException {
    return answer(send(call, exchange), exchange);
  }

  /** Sends a request, whose {@link #answer} is to be had later. */
  Sent<ArrivingBody> send(Call call, Exchange exchange) throws IOException {
    return send(call, answer -> new ArrivingBody(AHEAD_BYTES), exchange);
  }

  /** As {@link #stream}, to a request that was sent. */
  ArrivingBody answer(Sent<ArrivingBody> sent, Exchange exchange) throws IOException {
    HttpResponse<ArrivingBody> response = await(sent, exchange);
    ArrivingBody body = response.body();
    if (response.statusCode() / 100 == 2) {
      return body;
    }
    try (body) {
      throw ServerException.of(sent.call(), response.statusCode(), body.readNBytes(1 << 20));
    }
  }

  /** An exchange is over. */
  void done(Exchange exchange) {
    underWay.remove(exchange);
  }

  /** Waits, unless this is closed meanwhile. */
  void pause(long nanos) throws IOException {
    try {
      if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
        throw brokenOff();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while waiting for the cluster", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    underWay.forEach(Exchange::breakOff);
    threads.ifPresent(ExecutorService::shutdown);
  }

  @Override
  public String toString() {
    return String.join(",", nodes.stream().map(URI::toString).toList());
  }

  private <T> Sent<T> send(Call call, BodyHandler<T> handler, Exchange exchange)
      throws IOException {
    int chosen = node.get();
    underWay.add(exchange);
    if (closed.getCount() == 0) {
      throw brokenOff();
    }
    CompletableFuture<HttpResponse<T>> future =
        client.sendAsync(request(call, nodes.get(chosen % nodes.size())), handler);
    exchange.sending(future);
    return new Sent<>(call, chosen, future);
  }

  private <T> HttpResponse<T> await(Sent<T> sent, Exchange exchange) throws IOException {
    Call call = sent.call();
    int chosen = sent.node();
    try {
      return sent.response().get(call.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      node.compareAndSet(chosen, (chosen + 1) % nodes.size());
      throw failure(
          call, nodes.get(chosen % nodes.size()), e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      exchange.breakOff();
      node.compareAndSet(chosen, (chosen + 1) % nodes.size());
      throw new IOException(call + " was not answered within " + call.timeout(), e);
    } catch (CancellationException e) {
      throw brokenOff();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.breakOff();
      throw new IOException("Interrupted while waiting for " + call, e);
    }
  }

  private HttpRequest request(Call call, URI base) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + call.path())).method(call.method(), call.body());
    authorization.ifPresent(header -> request.header("Authorization", header));
    if (!call.type().isEmpty()) {
      request.header("Content-Type", call.type());
    }
    return request.header("Accept", "application/json").build();
  }

  private static IOException failure(Call call, URI node, Throwable cause) {
    if (cause instanceof ConnectException) {
      ConnectException refused =
          new ConnectException(
              "Nothing answers "
                  + call
                  + " at "
                  + node
                  + "; is the node running, and the port its?");
      refused.initCause(cause);
      return refused;
    }
    String what =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new IOException(call + " at " + node + " failed: " + what, cause);
  }

  private static IOException brokenOff() {
    return new IOException("The conversation with the cluster was broken off");
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "varve-search-http");
    thread.setDaemon(true);
    return thread;
  }
}
