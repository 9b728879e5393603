package dev.tailrace.violations.lifecycle;

public class LifecycleSeesSink {
    Class<?> sees = dev.tailrace.violations.sink.SinkSeesJournal.class;
}
