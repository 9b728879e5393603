/** Tests of the measurements. */
package dev.tailrace.bench;
