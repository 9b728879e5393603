/**
 * Text to typed settings, with all problems collected and reported at once.
 *
 * <p>Start at {@link dev.tailrace.config.ConfigurationReader}; who needs settings reads them through {@link
 * dev.tailrace.config.Settings}. A leaf: no I/O but reading the file and the environment for
 * {@code ${env:..}} and {@code ${file:..}}.
 */
@NullMarked
package dev.tailrace.config;

import org.jspecify.annotations.NullMarked;
