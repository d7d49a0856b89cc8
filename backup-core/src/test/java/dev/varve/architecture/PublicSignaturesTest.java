package dev.varve.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.domain.ThrowsDeclaration;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What hosts and plugins see speaks of nothing but the JDK and Varve's own words. */
class PublicSignaturesTest {

  private static final String[] PUBLIC = {
    "dev.varve",
    "dev.varve.store",
    "dev.varve.source",
    "dev.varve.target",
    "dev.varve.key",
    "dev.varve.repository"
  };

  @Test
  void publicTypes_exposeNoInternalOrVendorTypes() {
    List<JavaClass> visible =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.varve")
                .that(resideInAnyPackage(PUBLIC))
                .stream()
                .filter(PublicSignaturesTest::isVisible)
                .toList();
    assertTrue(visible.size() > 40, "The public types are not where they are looked for");
    List<String> exposed = new ArrayList<>();
    for (JavaClass type : visible) {
      Stream<JavaType> above =
          Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
      above.forEach(each -> collect(type.getName(), each, exposed));
      type.getMembers().stream()
          .filter(PublicSignaturesTest::isVisible)
          .forEach(member -> collect(member, exposed));
    }
    assertEquals(
        List.of(),
        exposed,
        "Internal and vendor types in public signatures become promises to everybody who embeds"
            + " the library");
  }

  private static boolean isVisible(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicSignaturesTest::isVisible).orElse(true);
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static void collect(JavaMember member, List<String> exposed) {
    if (member instanceof JavaField field) {
      collect(member.getFullName(), field.getType(), exposed);
    } else if (member instanceof JavaCodeUnit unit) {
      collect(member.getFullName(), unit.getReturnType(), exposed);
      unit.getParameterTypes().forEach(type -> collect(member.getFullName(), type, exposed));
      for (ThrowsDeclaration<? extends JavaCodeUnit> thrown : unit.getThrowsClause()) {
        collect(member.getFullName(), thrown.getRawType(), exposed);
      }
    }
  }

  private static void collect(String where, JavaType type, List<String> exposed) {
    for (JavaClass raw : type.getAllInvolvedRawTypes()) {
      JavaClass base = raw.getBaseComponentType();
      boolean ours = List.of(PUBLIC).contains(base.getPackageName()) && isVisible(base);
      if (!base.isPrimitive() && !base.getPackageName().startsWith("java.") && !ours) {
        exposed.add(where + " shows " + base.getName());
      }
    }
  }
}
