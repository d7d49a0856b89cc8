package dev.varve.store.gcs;

import com.google.api.client.http.HttpExecuteInterceptor;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;

/** How Google's client sends requests: as ever, but with {@link Upload}s. Immutable. */
final class TransportOptions extends HttpTransportOptions {

  private static final long serialVersionUID = 1;

  TransportOptions(HttpTransportOptions.Builder options) {
    super(options);
  }

  @Override
  public HttpRequestInitializer getHttpRequestInitializer(ServiceOptions<?, ?> service) {
    HttpRequestInitializer usual = super.getHttpRequestInitializer(service);
    return request -> {
      usual.initialize(request);
      HttpExecuteInterceptor before = request.getInterceptor();
      request.setInterceptor(
          sent -> {
            if (before != null) {
              before.intercept(sent);
            }
            Upload.into(sent);
          });
    };
  }
}
