package dev.varve.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.BaseStream;
import org.junit.jupiter.api.Test;

/** Keeps the rooms of core in their order, threads in one of them, libraries behind their doors. */
class RoomsTest {

  private static final String INTERNAL = "dev.varve.internal";

  /** For each room, those it may use: what this table allows stands in docs/architecture.md. */
  private static final Map<String, Set<String>> USES =
      Map.ofEntries(
          Map.entry("format", Set.of()),
          Map.entry("task", Set.of()),
          Map.entry("store", Set.of("task")),
          Map.entry("crypto", Set.of("format")),
          Map.entry("chunker", Set.of("format")),
          Map.entry("index", Set.of("format", "crypto")),
          Map.entry("chunkstore", Set.of("format", "task", "store", "crypto", "index")),
          Map.entry("log", Set.of("format", "store", "crypto", "chunker")),
          Map.entry("catalog", Set.of("format", "chunkstore")),
          Map.entry("vault", lower("catalog")),
          Map.entry("archive", lower("vault")),
          Map.entry("restore", lower("vault")),
          Map.entry("forget", lower("vault")),
          Map.entry("prune", lower("vault")),
          Map.entry("repair", and("forget", lower("vault"))));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.varve");

  /** All rooms up to one, in the order of the plan. */
  private static Set<String> lower(String last) {
    List<String> order =
        List.of(
            "format",
            "task",
            "store",
            "crypto",
            "chunker",
            "index",
            "chunkstore",
            "log",
            "catalog",
            "vault");
    return Set.copyOf(order.subList(0, order.indexOf(last) + 1));
  }

  private static Set<String> and(String another, Set<String> rooms) {
    Set<String> both = new TreeSet<>(rooms);
    both.add(another);
    return both;
  }

  private static String room(String name) {
    return INTERNAL + "." + name + "..";
  }

  @Test
  void rooms_areAllInTheTable() {
    Set<String> rooms = new TreeSet<>();
    for (JavaClass each : CLASSES.that(resideInAPackage(INTERNAL + ".."))) {
      rooms.add(each.getPackageName().substring(INTERNAL.length() + 1).replaceAll("\\..*", ""));
    }
    assertEquals(
        new TreeSet<>(USES.keySet()),
        rooms,
        "A new room says in this table and in docs/architecture.md what it may use");
  }

  @Test
  void room_usesOnlyLowerRooms() {
    new TreeMap<>(USES)
        .forEach(
            (name, lower) -> {
              List<String> allowed = new ArrayList<>(List.of(room(name)));
              lower.forEach(each -> allowed.add(room(each)));
              DescribedPredicate<JavaClass> foreign =
                  resideInAnyPackage("dev.varve.internal..", "dev.varve.repository..")
                      .and(
                          DescribedPredicate.not(
                              resideInAnyPackage(allowed.toArray(new String[0]))));
              noClasses()
                  .that()
                  .resideInAPackage(room(name))
                  .should()
                  .dependOnClassesThat(foreign)
                  .because(
                      "a lower room knows no higher one, so that each can be read, tested and"
                          + " changed with only what is below it in mind; room '"
                          + name
                          + "' is built on "
                          + new TreeSet<>(lower))
                  .check(CLASSES);
            });
  }

  @Test
  void rooms_haveNoCycles() {
    slices()
        .matching("dev.varve.(**)..")
        .should()
        .beFreeOfCycles()
        .because("two packages that need each other are one that is harder to read")
        .check(CLASSES.that(resideInAnyPackage("dev.varve.internal..", "dev.varve.repository..")));
  }

  @Test
  void threads_areMadeInOneRoom() {
    DescribedPredicate<JavaAccess<?>> startsThreads =
        DescribedPredicate.describe(
            "start threads or borrow those of the JVM",
            access ->
                (access.getTargetOwner().isAssignableTo(Thread.class)
                        && access.getName().matches("<init>|start|startVirtualThread|ofVirtual"))
                    || access.getTargetOwner().isAssignableTo(ForkJoinPool.class)
                    || access.getTargetOwner().getName().equals("java.util.concurrent.Executors")
                    || access.getTargetOwner().getName().equals("java.util.Timer")
                    || (access.getTargetOwner().getName().matches(".*ThreadPoolExecutor")
                        && access.getName().equals("<init>"))
                    || (access.getTargetOwner().getName().endsWith(".CompletableFuture")
                        && access.getName().endsWith("Async"))
                    || access.getName().equals("parallelStream")
                    || (access.getTargetOwner().isAssignableTo(BaseStream.class)
                        && access.getName().equals("parallel")));
    noClasses()
        .that()
        .resideInAnyPackage("dev.varve.internal..", "dev.varve.repository..")
        .and()
        .resideOutsideOfPackage(room("task"))
        .should()
        .accessTargetWhere(startsThreads)
        .because(
            "the task room has the only threads: cancelling reaches them all, none is ever"
                + " interrupted, and a test can put a single-stepping executor in their place")
        .check(CLASSES);
  }

  @Test
  void libraries_stayBehindOneDoorEach() {
    Map<String, String[]> doors =
        Map.of(
            "com.github.luben..", new String[] {room("chunkstore")},
            "org.bouncycastle..", new String[] {room("crypto")},
            "com.fasterxml..", new String[] {room("vault")},
            "io.micrometer..", new String[] {"dev.varve.repository"},
            "javax.crypto..", new String[] {room("crypto"), room("chunker")});
    doors.forEach(
        (library, rooms) ->
            noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because("a library that is used in one place can be replaced in one place")
                .check(CLASSES));
  }

  @Test
  void api_dependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAnyPackage(
            "dev.varve", "dev.varve.store", "dev.varve.source", "dev.varve.target", "dev.varve.key")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "org.jspecify..",
                "dev.varve",
                "dev.varve.store",
                "dev.varve.source",
                "dev.varve.target",
                "dev.varve.key"))
        .because("whoever writes a plugin gets the API and nothing that could clash with it")
        .check(CLASSES);
  }
}
