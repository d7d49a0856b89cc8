package dev.varve.reader;

import static dev.varve.reader.BadFormatException.require;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Sections 11 to 13: entries, contents, problems. Used by one thread. */
final class CatalogReader {

  /** Fetches the plaintext of a chunk of some kind. */
  interface Chunks {
    byte[] get(int kind, Input.Reference reference);
  }

  private static final int MODIFIED = 1;
  private static final int REVISION = 1 << 1;
  private static final int CONTENT = 1 << 2;
  private static final int POSIX = 1 << 3;
  private static final int CHANGED = 1 << 4;
  private static final int OWNER = 1 << 5;
  private static final int SIZE = 1 << 6;
  private static final int USER = 1 << 7;
  private static final int GROUP = 1 << 8;
  private static final int HARD_LINK = 1 << 9;
  private static final int ATTRIBUTES = 1 << 10;
  private static final int PROBLEM = 1 << 11;
  private static final int LONGEST = 1 << 20;

  private final Chunks chunks;

  CatalogReader(Chunks chunks) {
    this.chunks = chunks;
  }

  /** Shows all entries of a catalog, ascending. */
  void entries(Input.ChunkList root, Consumer<ReadEntry> each) {
    if (!root.references().isEmpty()) {
      require(root.references().size() == 1, "A catalog has one topmost chunk");
      byte[][] last = {new byte[0]};
      walk(
          root.depth(),
          root.references().get(0),
          Optional.empty(),
          entry -> {
            byte[] path = entry.path();
            require(Arrays.compareUnsigned(path, last[0]) > 0, "Paths do not ascend");
            last[0] = path;
            each.accept(entry);
          });
    }
  }

  private void walk(
      int level, Input.Reference reference, Optional<byte[]> first, Consumer<ReadEntry> each) {
    Input in = chunk(Keys.CATALOG, reference, level);
    byte[] path = new byte[0];
    Optional<Owner> owner = Optional.empty();
    for (boolean begins = true; in.left() > 0; begins = false) {
      path = path(in, path);
      if (begins && first.isPresent()) {
        require(Arrays.equals(path, first.get()), "A chunk does not begin as its fence says");
      }
      if (level > 0) {
        walk(level - 1, in.reference(), Optional.of(path), each);
      } else {
        owner = entry(in, path, owner, each);
      }
    }
  }

  private Input chunk(int kind, Input.Reference reference, int first) {
    require(reference.length() <= LONGEST, "A chunk of a catalog is too long");
    Input in = new Input(chunks.get(kind, reference));
    require(in.u8() == first && in.left() > 0, "A chunk begins with something else than " + first);
    return in;
  }

  private static byte[] path(Input in, byte[] before) {
    int shared = (int) in.varint(before.length);
    byte[] rest = in.bytes(32_768 - shared);
    require(rest.length > 0, "A path adds nothing");
    require(
        shared == before.length || (rest[0] & 0xff) > (before[shared] & 0xff),
        "Paths of a chunk do not ascend");
    byte[] path = Primitives.join(Arrays.copyOf(before, shared), rest);
    for (byte b : path) {
      require(b != 0, "A path has a NUL");
    }
    return path;
  }

  /** Who owns an entry. */
  record Owner(long uid, long gid, Optional<String> user, Optional<String> group) {}

  private Optional<Owner> entry(
      Input in, byte[] path, Optional<Owner> before, Consumer<ReadEntry> each) {
    int kind = in.u8();
    require(kind >= 1 && kind <= 7, "There is no kind of entry " + kind);
    int flags = (int) in.varint((1 << 12) - 1);
    Map<String, String> facts = new TreeMap<>();
    long size = (flags & SIZE) == 0 ? -1 : in.varint(Long.MAX_VALUE);
    if ((flags & MODIFIED) != 0) {
      facts.put("modified", time(in));
    }
    if ((flags & REVISION) != 0) {
      facts.put("revision", hex(in.bytes(64)));
    }
    if (kind == 3) {
      facts.put("target", hex(in.bytes(32_768)));
    }
    if ((flags & HARD_LINK) != 0) {
      facts.put("hard-link", Long.toUnsignedString(in.varint()));
    }
    Optional<Owner> owner = before;
    if ((flags & POSIX) != 0) {
      facts.put("mode", Long.toOctalString(in.varint(07777)));
      if ((flags & OWNER) != 0) {
        owner = Optional.of(owner(in, flags));
      }
      Owner its = owner.orElseThrow(() -> new BadFormatException("An entry has no owner"));
      facts.put("owner", its.uid() + ":" + its.gid());
      its.user().ifPresent(user -> facts.put("user", user));
      its.group().ifPresent(group -> facts.put("group", group));
    } else {
      require((flags & (OWNER | CHANGED)) == 0, "Flags contradict each other");
    }
    require((flags & OWNER) != 0 || (flags & (USER | GROUP)) == 0, "Flags contradict each other");
    if ((flags & CHANGED) != 0) {
      facts.put("changed", time(in));
    }
    if ((flags & ATTRIBUTES) != 0) {
      for (long left = in.varint(65_536); left > 0; left--) {
        facts.put("attribute " + in.text(65_536), hex(in.bytes(65_536)));
      }
    }
    Input.ChunkList content =
        (flags & CONTENT) == 0 ? new Input.ChunkList(0, List.of()) : in.chunkList();
    if (size < 0) {
      size =
          content.depth() > 0
              ? 0
              : content.references().stream().mapToLong(Input.Reference::length).sum();
    }
    if ((flags & PROBLEM) != 0) {
      facts.put("problem", "");
    }
    each.accept(new ReadEntry(path, kind, size, facts, content));
    return owner;
  }

  private static String time(Input in) {
    return in.signed() + "." + String.format("%09d", in.varint(999_999_999));
  }

  private static Owner owner(Input in, int flags) {
    return new Owner(
        in.varint(0xffff_ffffL),
        in.varint(0xffff_ffffL),
        (flags & USER) == 0 ? Optional.empty() : Optional.of(in.text(1024)),
        (flags & GROUP) == 0 ? Optional.empty() : Optional.of(in.text(1024)));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** The data chunks of a content, in order. */
  List<Input.Reference> contentChunks(Input.ChunkList content) {
    List<Input.Reference> all = new ArrayList<>();
    content.references().forEach(each -> collect(content.depth(), each, all));
    return all;
  }

  /** Adds the data chunks below a reference; gives how many bytes they have. */
  private long collect(int level, Input.Reference reference, List<Input.Reference> all) {
    if (level == 0) {
      all.add(reference);
      return reference.length();
    }
    Input in = chunk(Keys.LIST, reference, level);
    long sum = 0;
    while (in.left() > 0) {
      Input.Reference member = in.reference();
      long said = level > 1 ? in.varint(Long.MAX_VALUE) : member.length();
      long held = collect(level - 1, member, all);
      require(said == held, "A list holds " + held + " bytes, not " + said);
      sum += held;
    }
    return sum;
  }

  /** Problems as {@code path: message}, a byte of the path being a character. */
  List<String> problems(Input.ChunkList list) {
    require(list.depth() == 0, "A list of problems has depth 0");
    List<String> problems = new ArrayList<>();
    for (Input.Reference reference : list.references()) {
      Input in = chunk(Keys.CATALOG, reference, 0x50);
      while (in.left() > 0) {
        String path = new String(in.bytes(32_768), StandardCharsets.ISO_8859_1);
        problems.add(path + ": " + in.text(8192));
      }
    }
    return problems;
  }
}
