package dev.varve.internal.crypto;

import dev.varve.internal.format.ChunkKind;
import dev.varve.internal.format.PackKind;
import java.util.Optional;

/**
 * What a key of the repository is for. Each purpose has a key of its own, so that a slot can hand
 * out some without the others.
 */
public enum KeyPurpose {
  /** Names chunks of contents. */
  DATA_ID("data-id"),
  /** Names chunks of catalogs. */
  CATALOG_ID("catalog-id"),
  /** Names chunks of chunk lists. */
  LIST_ID("list-id"),
  /** Makes the chunker's Gear table. */
  CHUNKER_TABLE("chunker-table"),
  /** Decides where contents are cut; its first 16 bytes are an AES key. */
  CHUNKER_PRF("chunker-prf"),
  /** Seals the block keys of data packs. */
  SEAL_DATA("seal-data"),
  /** Seals the block keys of catalog packs. */
  SEAL_CATALOG("seal-catalog"),
  /** Seals index runs. */
  SEAL_INDEX("seal-index"),
  /** Seals log records, checkpoints and locks. */
  SEAL_LOG("seal-log"),
  /** Makes the markers before blocks. */
  MARKER("marker"),
  /** Decides where catalogs are cut. */
  CATALOG_CUT("catalog-cut");

  private final String label;

  KeyPurpose(String label) {
    this.label = label;
  }

  /** The name that stands for it in derivations and slots. */
  public String label() {
    return label;
  }

  /** The purpose with this label, if there is one. */
  public static Optional<KeyPurpose> find(String label) {
    for (KeyPurpose purpose : values()) {
      if (purpose.label.equals(label)) {
        return Optional.of(purpose);
      }
    }
    return Optional.empty();
  }

  /** The purpose of naming chunks of this kind. */
  public static KeyPurpose idOf(ChunkKind kind) {
    return switch (kind) {
      case DATA -> DATA_ID;
      case CATALOG -> CATALOG_ID;
      case LIST -> LIST_ID;
    };
  }

  /** The purpose of sealing the block keys of packs of this kind. */
  public static KeyPurpose sealOf(PackKind kind) {
    return switch (kind) {
      case DATA -> SEAL_DATA;
      case CATALOG -> SEAL_CATALOG;
    };
  }
}
