package dev.tailrace.violations.sink.alpha.one;

public class One {
    Class<?> sees = dev.tailrace.violations.sink.alpha.two.Two.class;
}
