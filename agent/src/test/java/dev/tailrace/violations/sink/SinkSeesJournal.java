package dev.tailrace.violations.sink;

public class SinkSeesJournal {
    Class<?> sees = dev.tailrace.violations.journal.Journal.class;
}
