package dev.varve.store.gcs;

import dev.varve.store.Store;
import dev.varve.testkit.StoreContractTest;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** The contract on the strict server, through Google's client. */
class GcsStoreTest extends StoreContractTest {

  private final GcsServer server;

  GcsStoreTest() throws IOException {
    server = new GcsServer();
    server.api().requireToken(Stores.TOKEN);
    server.api().smallPages(7);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Override
  protected Store open() {
    return Stores.of(server).build();
  }
}
