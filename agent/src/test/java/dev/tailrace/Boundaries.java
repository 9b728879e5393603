package dev.tailrace;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The boundaries between the rooms as rules on the classes below a root package, so that the same rules can be shown to
 * hold for Tailrace and to fail for {@code dev.tailrace.violations}. A room that does not exist yet breaks no rule.
 */
final class Boundaries {
    private final String root;
    private final Map<String, ArchRule> rules = new LinkedHashMap<>();

    Boundaries(String root) {
        this.root = root;
        rooms();
        thirdParties();
        privileges();
        style();
    }

    /** Name to rule, in the order of reading. */
    Map<String, ArchRule> rules() {
        return rules;
    }

    private void rooms() {
        for (String leaf : new String[] {"event", "config", "lifecycle"}) {
            rule(
                    leaf + " is a leaf",
                    noClasses()
                            .that(resideInAPackage(room(leaf)))
                            .should()
                            .dependOnClassesThat(ownOutsideOf(room(leaf))));
        }
        rule(
                "the sink interface sees event and config only",
                noClasses()
                        .that(resideInAPackage(root + ".sink"))
                        .should()
                        .dependOnClassesThat(ownOutsideOf(root + ".sink", room("event"), room("config"))));
        rule(
                "a sink sees the sink interface, event and config only",
                noClasses()
                        .that(resideInAPackage(root + ".sink.(*).."))
                        .should()
                        .dependOnClassesThat(ownOutsideOf(room("sink"), room("event"), room("config"))));
        rule(
                "a sink sees no sibling",
                slices().matching(root + ".sink.(*)..").should().notDependOnEachOther());
        rule(
                "only the ServiceLoader finds a dialect",
                noClasses()
                        .that(resideOutsideOfPackage(root + ".sink.*.(*).."))
                        .should()
                        .dependOnClassesThat(resideInAPackage(root + ".sink.*.(*)..")));
        rule(
                "a dialect sees no sibling",
                slices().matching(root + ".sink.*.(*)..").should().notDependOnEachOther());
        rule(
                "only the ServiceLoader finds a concrete sink",
                noClasses()
                        .that(resideOutsideOfPackage(room("sink")))
                        .should()
                        .dependOnClassesThat(resideInAPackage(root + ".sink.(*)..")));
        rule(
                "capture does not see pipeline",
                noClasses()
                        .that(resideInAPackage(room("capture")))
                        .should()
                        .dependOnClassesThat(resideInAPackage(room("pipeline"))));
        rule(
                "pipeline does not see capture",
                noClasses()
                        .that(resideInAPackage(room("pipeline")))
                        .should()
                        .dependOnClassesThat(resideInAPackage(room("capture"))));
        rule(
                "no cycles between rooms",
                slices().matching(root + ".(*)..").should().beFreeOfCycles());
    }

    private void thirdParties() {
        stayHome("Debezium", new String[] {"io.debezium..", "org.apache.kafka.."}, "capture");
        stayHome("Chronicle", new String[] {"net.openhft.."}, "journal");
        stayHome("JCommander", new String[] {"com.beust.jcommander.."}, "cli");
        // The demonstration has a receiver and a database server of its own.
        stayHome("the HTTP server", new String[] {"com.sun.net.httpserver.."}, "admin", "demo");
        stayHome("embedded PostgreSQL", new String[] {"io.zonky.."}, "demo");
    }

    private void privileges() {
        reserve("threads and sleeps", Boundaries::startsOrParksThread, room("lifecycle"), root + ".sink.(*)..");
        reserve("the end of the process", Boundaries::endsProcess, room("cli"));
        // A fail-point ends the process the hard way.
        reserve("halting the process", target -> is(target, Runtime.class, "halt"), room("cli"), room("lifecycle"));
        reserve("the environment", target -> is(target, System.class, "getenv"), room("config"));
        // The composition roots choose the clock, and so does a sink's factory, which the ServiceLoader makes;
        // everything
        // else is given one.
        DescribedPredicate<JavaClass> roots =
                resideInAnyPackage(room("agent"), room("cli"), room("demo")).or(simpleNameEndingWith("SinkFactory"));
        reserve("the wall clock", Boundaries::readsWallClock, roots);
        reserve(
                "the monotonic clock",
                target -> is(target, System.class, "nanoTime"),
                roots.or(resideInAPackage(room("lifecycle"))));
    }

    private void style() {
        rule(
                "names say what a thing is",
                noClasses()
                        .should()
                        .haveNameMatching(".*[.$](\\w*(Utils?|Helper|Manager|Common|Base)|(Base|Common)[A-Z]\\w*)"));
        rule("every package has a @NullMarked package-info", classes().should(liveInDescribedPackage()));
        // The modules of the sinks and the servers are interfaces for others, and the crash suite uses the traffic and
        // the judges of the demonstration; else a public type is one that another room uses.
        rule(
                "a public type is used by another room",
                classes()
                        .that(resideOutsideOfPackages("event", "config", "sink", "demo", "server"))
                        .and()
                        .haveModifier(JavaModifier.PUBLIC)
                        .and()
                        .areTopLevelClasses()
                        .should(beUsedElsewhere()));
    }

    private void rule(String name, ArchRule rule) {
        rules.put(name, rule.as(name).allowEmptyShould(true));
    }

    private void stayHome(String what, String[] packages, String... homes) {
        rule(
                what + " stays in " + String.join(", ", homes),
                noClasses()
                        .that(resideOutsideOfPackages(homes))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage(packages)));
    }

    private void reserve(String what, Predicate<AccessTarget> forbidden, String... allowed) {
        reserve(what, forbidden, resideInAnyPackage(allowed));
    }

    private void reserve(String what, Predicate<AccessTarget> forbidden, DescribedPredicate<JavaClass> allowed) {
        rule(
                what + " only where allowed",
                classes().that(DescribedPredicate.not(allowed)).should(notReach(forbidden)));
    }

    private String room(String name) {
        return root + "." + name + "..";
    }

    private DescribedPredicate<JavaClass> resideOutsideOfPackages(String... rooms) {
        return DescribedPredicate.not(
                resideInAnyPackage(Stream.of(rooms).map(this::room).toArray(String[]::new)));
    }

    private DescribedPredicate<JavaClass> ownOutsideOf(String... packages) {
        return resideInAPackage(root + "..").and(DescribedPredicate.not(resideInAnyPackage(packages)));
    }

    private static boolean is(AccessTarget target, Class<?> owner, String... names) {
        return target.getOwner().isAssignableTo(owner) && Stream.of(names).anyMatch(target.getName()::equals);
    }

    private static boolean startsOrParksThread(AccessTarget target) {
        JavaClass owner = target.getOwner();
        boolean constructed = target.getName().equals("<init>");
        return constructed && owner.isAssignableTo(Thread.class)
                || constructed && owner.isAssignableTo(java.util.concurrent.ExecutorService.class)
                || constructed && owner.isEquivalentTo(java.util.Timer.class)
                || is(target, Thread.class, "start", "sleep", "startVirtualThread", "ofVirtual", "ofPlatform")
                || owner.isEquivalentTo(java.util.concurrent.Executors.class)
                || owner.isEquivalentTo(java.util.concurrent.locks.LockSupport.class)
                || is(target, java.util.concurrent.TimeUnit.class, "sleep")
                || owner.isEquivalentTo(java.util.concurrent.CompletableFuture.class)
                        && target.getName().endsWith("Async")
                || target.getName().equals("parallelStream")
                || is(target, java.util.stream.BaseStream.class, "parallel");
    }

    private static boolean endsProcess(AccessTarget target) {
        return is(target, System.class, "exit") || is(target, Runtime.class, "exit", "addShutdownHook");
    }

    private static boolean readsWallClock(AccessTarget target) {
        JavaClass owner = target.getOwner();
        boolean takesNothing = target instanceof AccessTarget.CodeUnitAccessTarget unit
                && unit.getRawParameterTypes().isEmpty();
        return is(target, System.class, "currentTimeMillis")
                || owner.getPackageName().equals("java.time")
                        && target.getName().equals("now")
                        && takesNothing
                || owner.isEquivalentTo(java.time.Clock.class)
                        && target.getName().matches("system.*|tick(Millis|Seconds|Minutes)")
                || owner.isEquivalentTo(java.util.Date.class)
                        && target.getName().equals("<init>")
                        && takesNothing;
    }

    /** Calls, constructor calls and method references alike. */
    private static ArchCondition<JavaClass> notReach(Predicate<AccessTarget> forbidden) {
        return new ArchCondition<>("not reach for it") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getAccessesFromSelf().stream()
                        .filter(access -> forbidden.test(access.getTarget()))
                        .forEach(access -> events.add(SimpleConditionEvent.violated(access, access.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> liveInDescribedPackage() {
        return new ArchCondition<>("live in a package with a @NullMarked package-info") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getPackageName() + " has no @NullMarked package-info (" + type.getName() + ")"));
                }
            }
        };
    }

    /** Or made by name: an entry point, a service, a class that a library instantiates for its own interface. */
    private ArchCondition<JavaClass> beUsedElsewhere() {
        return new ArchCondition<>("be used by another room") {
            private boolean wired;

            /** Before there is an entry point nobody can use anything. */
            @Override
            public void init(Collection<JavaClass> all) {
                wired = all.stream().anyMatch(type -> type.getName().equals(root + ".cli.Main"));
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean used = type.getDirectDependenciesToSelf().stream()
                        .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
                boolean madeByName = type.getSimpleName().equals("Main")
                        || type.isAssignableTo("javax.net.SocketFactory")
                        || type.isAssignableTo("java.sql.Driver")
                        || type.getAllRawInterfaces().stream()
                                .anyMatch(face -> face.getPackageName().startsWith("io.debezium")
                                        || face.getPackageName().startsWith("org.apache.kafka")
                                        || face.getPackageName().startsWith("com.mysql.cj")
                                        || face.getPackageName().startsWith("ch.qos.logback"));
                // What a public signature of the room names has to be public, too.
                boolean named = type.getDirectDependenciesToSelf().stream()
                        .map(use -> use.getOriginClass())
                        .anyMatch(origin -> !origin.equals(type)
                                && origin.getModifiers().contains(JavaModifier.PUBLIC)
                                && namesInSignature(origin, type));
                if (wired
                        && !used
                        && !madeByName
                        && !named
                        && !type.getSimpleName().equals("package-info")) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is public for nobody"));
                }
            }
        };
    }

    private static boolean namesInSignature(JavaClass origin, JavaClass type) {
        return origin.getCodeUnits().stream()
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
                .anyMatch(unit -> unit.getAllInvolvedRawTypes().contains(type)
                        || unit.getExceptionTypes().stream()
                                .anyMatch(thrown -> thrown.toErasure().equals(type)));
    }
}
