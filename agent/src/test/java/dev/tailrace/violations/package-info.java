/**
 * Classes that break every boundary once, so that {@code ArchitectureTest} can show that each rule is able to fail. Nothing
 * here is ever run.
 */
@NullMarked
package dev.tailrace.violations;

import org.jspecify.annotations.NullMarked;
