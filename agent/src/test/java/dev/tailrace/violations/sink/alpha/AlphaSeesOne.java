package dev.tailrace.violations.sink.alpha;

class AlphaSeesOne {
    Class<?> sees = dev.tailrace.violations.sink.alpha.one.One.class;
}
