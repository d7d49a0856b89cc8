package dev.varve.source.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.varve.Snapshot;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that are larger than what is held in memory of a row. */
class LargeValuesTest {

  private static final int BYTES = 30 << 20;

  @TempDir Path directory;

  @Test
  void h2_largeValues_comeBackPieceByPiece() throws Exception {
    String from = "jdbc:h2:" + directory.resolve("from");
    String to = "jdbc:h2:" + directory.resolve("to");
    Databases.run(from, "create table large(id int primary key, b blob, t clob, s varchar)");
    try (Connection connection = DriverManager.getConnection(from);
        PreparedStatement insert =
            connection.prepareStatement("insert into large values(?, ?, ?, 'small')")) {
      insert.setInt(1, 1);
      insert.setBinaryStream(2, new Pattern(BYTES), BYTES);
      insert.setCharacterStream(3, new StringReader("\t\\é\ud83d\ude00".repeat(1 << 20)));
      insert.executeUpdate();
      insert.setInt(1, 2);
      insert.setNull(2, java.sql.Types.BLOB);
      insert.setNull(3, java.sql.Types.CLOB);
      insert.executeUpdate();
    }

    try (Repos repos = new Repos()) {
      Snapshot snapshot = repos.backup(JdbcSource.of(from).named("large").host("here"));
      repos.restore(snapshot, JdbcTarget.into(to));
    }

    try (Connection connection = DriverManager.getConnection(to);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("select b, t, s from large order by id")) {
      found.next();
      try (InputStream read = found.getBinaryStream(1);
          InputStream expected = new Pattern(BYTES)) {
        byte[] one = read.readNBytes(1 << 20);
        while (one.length > 0) {
          assertEquals(0, Arrays.compare(expected.readNBytes(one.length), one));
          one = read.readNBytes(1 << 20);
        }
        assertEquals(-1, expected.read());
      }
      assertEquals("\t\\é\ud83d\ude00".repeat(1 << 20), found.getString(2));
      assertEquals("small", found.getString(3));
    }
  }

  /** Bytes that can be made again, among them every one there is. */
  private static final class Pattern extends InputStream {
    private final int length;
    private int at;

    Pattern(int length) {
      this.length = length;
    }

    @Override
    public int read() {
      return at == length ? -1 : next() & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int most) {
      int count = Math.min(most, length - at);
      for (int i = 0; i < count; i++) {
        into[offset + i] = next();
      }
      return count == 0 && most > 0 ? -1 : count;
    }

    private byte next() {
      return (byte) ((at++ * 31) >> 3);
    }
  }
}
