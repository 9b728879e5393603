package dev.tailrace.violations.journal;

public class Journal {
    Class<?> sees = dev.tailrace.violations.sink.beta.Beta.class;
}
