package dev.varve.source.files;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Grows what a file system allows, made by other programs where they are installed and what needs
 * root only where it may be. Used by one thread.
 */
final class NastyTree {

  /** Where a socket is put, which is not restored. */
  static final String SOCKET = "socket";

  private static final List<Instant> TIMES =
      List.of(
          Instant.ofEpochSecond(-1_000_000, 123_456_789),
          Instant.ofEpochSecond(-1, 999_999_999),
          Instant.ofEpochSecond(0, 1),
          Instant.ofEpochSecond(1_234_567_890, 123_456_789),
          Instant.ofEpochSecond(7_000_000_000L, 1_000));

  private final Path top;
  private final boolean root;
  private final List<String> missed = new ArrayList<>();
  private int stamped;

  private NastyTree(Path top) throws IOException {
    this.top = top;
    this.root = Stat.of(top).uid() == 0;
  }

  /**
   * Fills a directory.
   *
   * @return what could not be made here
   */
  static List<String> grow(Path top) throws IOException, InterruptedException {
    NastyTree tree = new NastyTree(top);
    tree.growNames();
    tree.growContents();
    tree.growLinks();
    tree.growSpecials();
    tree.growAttributes();
    tree.growModes();
    tree.stampAll(top);
    return tree.missed;
  }

  private void growNames() throws IOException {
    Path names = Files.createDirectory(top.resolve("names"));
    for (int b = 1; b < 256; b++) {
      if (b != '/' && b != '.') {
        Files.write(names.resolve(RawNames.step(new byte[] {(byte) b})), new byte[] {(byte) b});
      }
    }
    List<String> texts =
        List.of(
            "a",
            "A",
            "a.b",
            "a-b",
            "a/b",
            "a/back\\slash",
            "a/ ",
            "a/-rf",
            "...",
            ".hidden",
            "\u00e4",
            "a\u0308",
            "\u202egnp.exe",
            "line\nbreak",
            "tab\t",
            "con",
            "nul.txt",
            "x:y",
            "n".repeat(255),
            "\u00e4".repeat(127),
            "trailing ",
            "trailing.",
            "*?[]{}",
            "$HOME`id`");
    for (String text : texts) {
      Path file = names.resolve("texts").resolve(text);
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        if (text.equals("a")) {
          Files.createDirectory(file);
        } else {
          Files.writeString(file, text);
        }
      }
    }
    Path invalid = names.resolve(RawNames.step(new byte[] {(byte) 0xc3, '(', (byte) 0xff, '\n'}));
    Files.createDirectory(invalid);
    Files.write(invalid.resolve(RawNames.step(new byte[] {(byte) 0xed, (byte) 0xa0})), new byte[9]);
    Path deep = names;
    for (int i = 0; i < 60; i++) {
      deep = Files.createDirectory(deep.resolve("deep" + i));
    }
    Files.writeString(deep.resolve("f"), "deep");
    Files.createDirectories(names.resolve("empty/empty"));
  }

  private void growContents() throws IOException {
    Path contents = Files.createDirectory(top.resolve("contents"));
    Files.createFile(contents.resolve("empty"));
    byte[] large = new byte[1_000_003];
    new Random(3).nextBytes(large);
    Files.write(contents.resolve("large"), large);
    Files.write(contents.resolve("zeros"), new byte[300_000]);
    sparse(contents.resolve("sparse"), 10_000_000, 5_000_000);
    sparse(contents.resolve("sparse-in-front"), 8_000_001, 8_000_000);
    sparse(contents.resolve("sparse-all"), 9_000_000);
  }

  private static void sparse(Path file, long size, long... written) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at : written) {
        out.write(ByteBuffer.wrap("x".getBytes(StandardCharsets.UTF_8)), at);
      }
      out.write(ByteBuffer.wrap(new byte[1]), size - 1);
    }
  }

  private void growLinks() throws IOException {
    Path links = Files.createDirectory(top.resolve("links"));
    Path other = Files.createDirectory(top.resolve("links-too"));
    Files.writeString(other.resolve("one"), "one");
    for (Path name : List.of(links.resolve("one"), links.resolve("uno"), top.resolve("one"))) {
      Files.createLink(name, other.resolve("one"));
    }
    List<byte[]> targets = new ArrayList<>();
    for (String text :
        List.of("no/where", "/etc/passwd", "../../..", ".", "one", "a\nb", "t".repeat(4_000))) {
      targets.add(text.getBytes(StandardCharsets.UTF_8));
    }
    targets.add(new byte[] {'.', '/', (byte) 0xfe});
    SystemCalls.find()
        .ifPresent(
            any -> {
              for (String text : List.of("a//b", "one/", "//", "/x//", "./././/")) {
                targets.add(text.getBytes(StandardCharsets.UTF_8));
              }
            });
    for (int i = 0; i < targets.size(); i++) {
      Path link = links.resolve("link" + i);
      Path target = RawNames.linkPath(targets.get(i));
      if (Arrays.equals(RawNames.linkTarget(target), targets.get(i))) {
        Files.createSymbolicLink(link, target);
      } else {
        SystemCalls.find().orElseThrow().makeLink(link, targets.get(i));
      }
    }
    Files.createLink(other.resolve("link-again"), links.resolve("link0"));
  }

  private void growSpecials() throws IOException, InterruptedException {
    Path specials = Files.createDirectory(top.resolve("specials"));
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A socket's path is short, so it is made there and moved.
      Path made = Files.createTempDirectory(Path.of("/tmp"), "v").resolve(SOCKET);
      socket.bind(UnixDomainSocketAddress.of(made));
      Files.move(made, specials.resolve(SOCKET));
      Files.delete(made.getParent());
    }
    make("mkfifo", "-m", "0640", specials + "/pipe");
    if (Files.exists(specials.resolve("pipe"))) {
      Files.createLink(specials.resolve("pipe-again"), specials.resolve("pipe"));
    }
    if (root) {
      make("mknod", "-m", "0606", specials + "/null", "c", "1", "3");
      make("mknod", specials + "/disk", "b", "259", "1048575");
      make("mknod", specials + "/far", "c", "4095", "256");
      if (Files.exists(specials.resolve("disk"), LinkOption.NOFOLLOW_LINKS)) {
        Files.createLink(specials.resolve("disk-again"), specials.resolve("disk"));
      }
    }
  }

  private void growAttributes() throws IOException, InterruptedException {
    Path attributes = Files.createDirectory(top.resolve("attributes"));
    for (String name : List.of("user", "acl", "capable", "odd", "all")) {
      Files.writeString(attributes.resolve(name), name);
    }
    attribute(attributes.resolve("user"), "colour", "red");
    attribute(attributes.resolve("user"), "colour of \u00e4 %", "x".repeat(3_000));
    attribute(attributes, "empty", "");
    Path shared = Files.createDirectory(attributes.resolve("shared"));
    make("setfacl", "-m", "u:12345:rwx,g:54321:r-x,m:rx", attributes + "/acl");
    make("setfacl", "-d", "-m", "u:12345:rwx,g:54321:-wx,o::x", shared.toString());
    make("setfacl", "-m", "u:daemon:r", shared.toString());
    Files.writeString(shared.resolve("inherits"), "x");
    Files.createDirectory(shared.resolve("inherits-too"));
    Files.writeString(shared.resolve("bare"), "x");
    make("setfacl", "-b", shared + "/bare");
    make("setfacl", "-m", "u:12345:rw", top + "/specials/pipe");
    if (root) {
      make("setcap", "cap_net_bind_service,cap_net_raw=+ep", attributes + "/capable");
      make("setcap", "cap_chown=+ei", attributes + "/all");
      make("setfacl", "-m", "u:1:x", attributes + "/all");
      make("setfattr", "-n", "trusted.varve", "-v", "0x0001ff", attributes + "/all");
      make("setfattr", "-n", "security.varve", "-v", "kept", attributes + "/all");
      make("setfattr", "-n", "user.varve", "-v", "kept", attributes + "/all");
      make("setfattr", "-h", "-n", "trusted.link", "-v", "own", top + "/links/link1");
      make("setfattr", "-h", "-n", "trusted.pipe", "-v", "own", top + "/specials/pipe");
    }
  }

  private static void attribute(Path file, String name, String value) throws IOException {
    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
        .write(name, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  private void growModes() throws IOException, InterruptedException {
    Path modes = Files.createDirectory(top.resolve("modes"));
    for (int mode :
        new int[] {0, 0111, 0444, 0600, 0640, 0755, 0777, 01644, 02755, 04755, 06711, 07777}) {
      Path file = Files.writeString(modes.resolve("f" + mode), "x");
      Path directory = Files.createDirectory(modes.resolve("d" + mode));
      Files.writeString(directory.resolve("x"), "x");
      if (root) {
        for (Path one : List.of(file, directory)) {
          Files.setAttribute(one, "unix:uid", 12_345 + mode);
          Files.setAttribute(one, "unix:gid", (int) 3_000_000_000L);
        }
      }
      boolean may = root || (mode & 0400) != 0;
      Files.setAttribute(file, "unix:mode", may ? mode : mode | 0400);
      may = root || (mode & 0500) == 0500;
      Files.setAttribute(directory, "unix:mode", may ? mode : mode | 0500);
    }
    if (root) {
      Path link = top.resolve("links/link0");
      Files.setAttribute(link, "unix:uid", 12_345, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(link, "unix:gid", 54_321, LinkOption.NOFOLLOW_LINKS);
      make("chown", "12345:54321", top + "/specials/pipe");
    }
  }

  /** Gives everything a time, the deepest first. */
  private void stampAll(Path directory) throws IOException {
    try (var children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
          stampAll(child);
        } else {
          stamp(child);
        }
      }
    }
    stamp(directory);
  }

  private void stamp(Path path) throws IOException {
    Instant time = TIMES.get(stamped++ % TIMES.size());
    var calls = SystemCalls.find();
    if (calls.isPresent()) {
      calls.get().setTime(path, time);
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.setLastModifiedTime(path, FileTime.from(time));
    }
  }

  private void make(String... command) throws IOException, InterruptedException {
    if (!Tools.tried(command)) {
      missed.add(String.join(" ", command));
    }
  }
}
