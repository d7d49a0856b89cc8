package dev.varve.source.jdbc.internal.postgresql;

import dev.varve.source.jdbc.internal.dialect.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Puts definitions into an order in which they can be made: what something needs comes before it,
 * and otherwise by kind and name, so that the order is the same every night. Where things need each
 * other in a circle, those that can be made in two parts are. Used by one thread.
 */
final class Order {

  private static final Comparator<Definition> BY_KIND =
      Comparator.<Definition, Phase>comparing(Definition::phase)
          .thenComparing(Definition::kind)
          .thenComparing(Definition::path);

  private final Inventory inventory;
  private Map<Definition, Set<Definition>> needs = Map.of();

  Order(Inventory inventory) {
    this.inventory = inventory;
  }

  /** The definitions in order, phases and requirements set. */
  List<Definition> sorted() {
    needs = resolved();
    openCircles();
    setPhases();
    List<Definition> sorted = byNeed();
    sorted.sort(Comparator.comparing(Definition::phase));
    for (Definition definition : sorted) {
      needed(definition).stream()
          .map(Definition::path)
          .sorted()
          .forEach(definition.requires()::add);
    }
    return sorted;
  }

  /** Everything these need, and themselves. */
  static Set<Definition> closure(Inventory inventory, Collection<Definition> wanted) {
    Order order = new Order(inventory);
    order.needs = order.resolved();
    Set<Definition> all = new LinkedHashSet<>(wanted);
    Deque<Definition> open = new ArrayDeque<>(wanted);
    while (!open.isEmpty()) {
      for (Definition needed : order.needed(open.pop())) {
        if (all.add(needed)) {
          open.push(needed);
        }
      }
    }
    return all;
  }

  private Set<Definition> needed(Definition definition) {
    return needs.getOrDefault(definition, Set.of());
  }

  private Map<Definition, Set<Definition>> resolved() {
    Map<String, Definition> schemas =
        inventory.definitions().stream()
            .filter(definition -> definition.kind() == Kind.SCHEMA)
            .collect(Collectors.toMap(Definition::schema, definition -> definition));
    Map<Definition, Set<Definition>> resolved = new LinkedHashMap<>();
    for (Definition definition : inventory.definitions()) {
      Set<Definition> needed = new LinkedHashSet<>();
      Definition schema = schemas.get(definition.schema());
      if (schema != null && schema != definition) {
        needed.add(schema);
      }
      resolved.put(definition, needed);
    }
    for (Inventory.Need need : inventory.needs()) {
      inventory
          .maker(need.from())
          .ifPresent(
              from -> inventory.maker(need.to()).ifPresent(to -> connect(resolved, from, to)));
    }
    return resolved;
  }

  private static void connect(
      Map<Definition, Set<Definition>> resolved, Definition from, Definition to) {
    // A foreign key is made last of all; it must not bring the other table along.
    boolean foreign = from.kind() == Kind.FOREIGN_KEY && !to.table().equals(from.table());
    if (from != to && !foreign) {
      resolved.getOrDefault(from, new LinkedHashSet<>()).add(to);
    }
  }

  private void openCircles() {
    for (List<Definition> circle = circle(); !circle.isEmpty(); circle = circle()) {
      boolean opened = false;
      for (Definition definition : circle) {
        if (definition.split().isPresent()) {
          inTwo(definition, definition.split().get());
          opened = true;
        }
      }
      if (opened) {
        needs = resolved();
      } else {
        Set<Definition> all = Set.copyOf(circle);
        circle.forEach(definition -> needed(definition).removeAll(all));
      }
    }
  }

  private void inTwo(Definition whole, Definition.Split split) {
    Definition bare =
        new Definition(
            whole.id(), whole.kind(), whole.path(), whole.schema(), whole.name(), whole.table());
    bare.sql(split.bare());
    bare.facts().putAll(whole.facts());
    whole.comments().forEach(bare::comment);
    Definition rest =
        new Definition(
            new ObjectId("rest of " + whole.id().catalog(), whole.id().oid()),
            Kind.REST,
            split.restPath(),
            whole.schema(),
            whole.name(),
            whole.table());
    rest.sql(split.rest());
    inventory.add(bare);
    inventory.add(rest);
    split.parts().forEach(part -> inventory.part(part, rest.id()));
    inventory.need(rest.id(), bare.id());
  }

  /** The first circle there is; without one, none. */
  private List<Definition> circle() {
    Set<Definition> stuck = new LinkedHashSet<>(needs.keySet());
    byNeed().forEach(stuck::remove);
    return stuck.isEmpty() ? List.of() : walk(stuck);
  }

  /** Follows needs among what is stuck until something comes again. */
  private List<Definition> walk(Set<Definition> stuck) {
    LinkedHashSet<Definition> seen = new LinkedHashSet<>();
    Definition at = stuck.stream().min(BY_KIND).orElseThrow();
    while (seen.add(at)) {
      at = needed(at).stream().filter(stuck::contains).min(BY_KIND).orElseThrow();
    }
    Definition again = at;
    return seen.stream().dropWhile(definition -> definition != again).toList();
  }

  private void setPhases() {
    List<Definition> before = byNeed();
    // Rows need their tables, so whatever a table needs comes before rows, keys not excepted.
    List<Definition> tables =
        before.stream()
            .filter(one -> one.kind() == Kind.TABLE || one.kind() == Kind.ATTACH)
            .toList();
    Deque<Definition> open = new ArrayDeque<>(tables);
    Set<Definition> early = new LinkedHashSet<>(tables);
    while (!open.isEmpty()) {
      for (Definition needed : needed(open.pop())) {
        if (early.add(needed)) {
          needed.phase(Phase.DEFINITION);
          open.push(needed);
        }
      }
    }
    for (Definition definition : before) {
      for (Definition needed : needed(definition)) {
        if (!early.contains(definition) && needed.phase().compareTo(Phase.KEY) >= 0) {
          definition.phase(Phase.COMPLETION);
        }
      }
    }
  }

  /**
   * What needs nothing first, then what needs only that, and so on; without what is in a circle.
   */
  private List<Definition> byNeed() {
    Map<Definition, Integer> open = new HashMap<>();
    Map<Definition, List<Definition>> needers = new HashMap<>();
    PriorityQueue<Definition> free = new PriorityQueue<>(BY_KIND);
    needs.forEach(
        (definition, needed) -> {
          open.put(definition, needed.size());
          if (needed.isEmpty()) {
            free.add(definition);
          }
          needed.forEach(
              one -> needers.computeIfAbsent(one, n -> new ArrayList<>()).add(definition));
        });
    List<Definition> sorted = new ArrayList<>(needs.size());
    while (!free.isEmpty()) {
      Definition next = free.poll();
      sorted.add(next);
      for (Definition needer : needers.getOrDefault(next, List.of())) {
        if (open.merge(needer, -1, Integer::sum) == 0) {
          free.add(needer);
        }
      }
    }
    return sorted;
  }
}
