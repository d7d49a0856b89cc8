package dev.varve;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** One named thing of a source: a directory, file, link, table, index or bucket key. Immutable. */
public final class Entry {

  private final EntryPath path;
  private final EntryKind kind;
  private final long size;
  private final Optional<Instant> modified;
  private final Optional<Revision> revision;
  private final Optional<EntryPath> linkTarget;
  private final OptionalLong hardLinkGroup;
  private final Optional<Posix> posix;
  private final Attributes attributes;

  private Entry(Builder builder) {
    path = builder.path;
    kind = builder.kind;
    size = builder.size;
    modified = builder.modified;
    revision = builder.revision;
    linkTarget = builder.linkTarget;
    hardLinkGroup = builder.hardLinkGroup;
    posix = builder.posix;
    attributes = builder.attributes;
  }

  /** Starts an entry with this name and of this kind. */
  public static Builder builder(EntryPath path, EntryKind kind) {
    return new Builder(path, kind);
  }

  /** A builder that starts with all of this entry. */
  public Builder toBuilder() {
    Builder builder = new Builder(path, kind);
    builder.size = size;
    builder.modified = modified;
    builder.revision = revision;
    builder.linkTarget = linkTarget;
    builder.hardLinkGroup = hardLinkGroup;
    builder.posix = posix;
    builder.attributes = attributes;
    return builder;
  }

  /** The full name. */
  public EntryPath path() {
    return path;
  }

  /** What it is. */
  public EntryKind kind() {
    return kind;
  }

  /**
   * The content's length in bytes, 0 without content. From a source's cursor it is an expectation
   * (0 where it is not known); in a snapshot it is what was read.
   */
  public long size() {
    return size;
  }

  /** When the content last changed, by the source's clock, to the nanosecond where it is known. */
  public Optional<Instant> modified() {
    return modified;
  }

  /** What must be equal next time for the content to count as unchanged; absent: read it again. */
  public Optional<Revision> revision() {
    return revision;
  }

  /** What a symbolic link points to, as the bytes it holds. */
  public Optional<EntryPath> linkTarget() {
    return linkTarget;
  }

  /** Equal numbers within one snapshot mean: names of one and the same file. */
  public OptionalLong hardLinkGroup() {
    return hardLinkGroup;
  }

  /** Mode and owners where the source has them. */
  public Optional<Posix> posix() {
    return posix;
  }

  /** Everything else. */
  public Attributes attributes() {
    return attributes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entry that
        && path.equals(that.path)
        && kind == that.kind
        && size == that.size
        && modified.equals(that.modified)
        && revision.equals(that.revision)
        && linkTarget.equals(that.linkTarget)
        && hardLinkGroup.equals(that.hardLinkGroup)
        && posix.equals(that.posix)
        && attributes.equals(that.attributes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(path, kind, size, modified);
  }

  @Override
  public String toString() {
    return kind + " " + path;
  }

  /** Collects the parts of an entry. Used by one thread; may build more than once. */
  public static final class Builder {

    private final EntryPath path;
    private final EntryKind kind;
    private long size;
    private Optional<Instant> modified = Optional.empty();
    private Optional<Revision> revision = Optional.empty();
    private Optional<EntryPath> linkTarget = Optional.empty();
    private OptionalLong hardLinkGroup = OptionalLong.empty();
    private Optional<Posix> posix = Optional.empty();
    private Attributes attributes = Attributes.none();

    private Builder(EntryPath path, EntryKind kind) {
      this.path = path;
      this.kind = kind;
    }

    /** Sets the content's length in bytes, 0 or more. */
    public Builder size(long size) {
      if (size < 0) {
        throw new IllegalArgumentException("Size of " + path + " is negative: " + size);
      }
      this.size = size;
      return this;
    }

    /** Sets when the content last changed. */
    public Builder modified(Instant modified) {
      this.modified = Optional.of(modified);
      return this;
    }

    /** Sets what must be equal next time for the entry to count as unchanged. */
    public Builder revision(Revision revision) {
      this.revision = Optional.of(revision);
      return this;
    }

    /** Takes the revision away, so that the entry is read again next time. */
    public Builder withoutRevision() {
      this.revision = Optional.empty();
      return this;
    }

    /** Sets what a symbolic link points to. */
    public Builder linkTarget(EntryPath linkTarget) {
      this.linkTarget = Optional.of(linkTarget);
      return this;
    }

    /** Sets the number that all names of one file share. */
    public Builder hardLinkGroup(long hardLinkGroup) {
      this.hardLinkGroup = OptionalLong.of(hardLinkGroup);
      return this;
    }

    /** Sets mode and owners. */
    public Builder posix(Posix posix) {
      this.posix = Optional.of(posix);
      return this;
    }

    /** Sets everything else. */
    public Builder attributes(Attributes attributes) {
      this.attributes = attributes;
      return this;
    }

    /**
     * The entry.
     *
     * @throws IllegalArgumentException if a symbolic link has no target, or something else has one
     */
    public Entry build() {
      if (linkTarget.isPresent() != (kind == EntryKind.SYMBOLIC_LINK)) {
        throw new IllegalArgumentException(
            "A symbolic link, and nothing else, has a target: " + kind + " " + path);
      }
      if (size != 0 && !kind.hasContent()) {
        throw new IllegalArgumentException(kind + " " + path + " cannot have a size");
      }
      return new Entry(this);
    }
  }
}
