package dev.tailrace.violations.sink.beta;

public class Beta {
    Class<?> sees = dev.tailrace.violations.journal.Journal.class;
}
