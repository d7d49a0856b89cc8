package dev.varve.store.gcs;

import dev.varve.RefusedException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests by another client, and sees to it that none waits forever for a server that takes
 * nothing, and that a range is what was asked for. Safe for use by many threads.
 */
final class WatchedClient extends CloseableHttpClient {

  /** A request waits for others as long as they make progress. */
  private static final Timeout LONGEST_QUEUE = Timeout.ofHours(1);

  private final CloseableHttpClient client;
  private final Duration silence;
  private final ScheduledThreadPoolExecutor watch;

  WatchedClient(CloseableHttpClient client, Duration silence) {
    this.client = client;
    this.silence = silence;
    watch =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "varve-gcs-watch");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
    watch.setKeepAliveTime(10, TimeUnit.SECONDS);
    watch.allowCoreThreadTimeOut(true);
  }

  @Override
  protected CloseableHttpResponse doExecute(
      @Nullable HttpHost target, ClassicHttpRequest request, @Nullable HttpContext context)
      throws IOException {
    if (request instanceof HttpUriRequestBase whole) {
      whole.setConfig(
          RequestConfig.copy(whole.getConfig()).setConnectionRequestTimeout(LONGEST_QUEUE).build());
      if (whole.getEntity() != null) {
        whole.setEntity(new WatchedEntity(whole.getEntity(), whole));
      }
    }
    ClassicHttpResponse response = client.executeOpen(target, request, context);
    try {
      requireRange(request, response);
      return CloseableHttpResponse.adapt(response);
    } catch (IOException e) {
      response.close();
      throw e;
    }
  }

  private static void requireRange(ClassicHttpRequest request, ClassicHttpResponse response)
      throws IOException {
    Header wanted = request.getFirstHeader("Range");
    if (wanted == null) {
      return;
    }
    if (response.getCode() == 200) {
      throw new RefusedException("The server does not know ranges: asked for a part, it sends all");
    }
    Header range = response.getFirstHeader("Content-Range");
    String begin = wanted.getValue().replaceAll("^bytes=([0-9]+-).*", "bytes $1");
    if (response.getCode() == 206 && (range == null || !range.getValue().startsWith(begin))) {
      throw new IOException("Asked for " + wanted.getValue() + ", got " + range);
    }
  }

  @Override
  public void close() throws IOException {
    close(CloseMode.GRACEFUL);
  }

  @Override
  public void close(CloseMode mode) {
    watch.shutdownNow();
    client.close(mode);
  }

  /** A body that the server must go on taking. */
  private final class WatchedEntity extends HttpEntityWrapper {
    private final HttpUriRequestBase request;
    private volatile long progress;

    WatchedEntity(HttpEntity body, HttpUriRequestBase request) {
      super(body);
      this.request = request;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      progress = System.nanoTime();
      long period = silence.toNanos() / 2;
      Future<?> watching =
          watch.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
      try {
        super.writeTo(new Progress(out));
      } finally {
        watching.cancel(false);
      }
    }

    private void look() {
      if (System.nanoTime() - progress >= silence.toNanos()) {
        request.abort();
      }
    }

    private final class Progress extends FilterOutputStream {

      Progress(OutputStream out) {
        super(out);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        progress = System.nanoTime();
      }
    }
  }
}
