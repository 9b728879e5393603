package dev.tailrace.violations.sink.alpha;

class AlphaSeesBeta {
    Class<?> sees = dev.tailrace.violations.sink.beta.Beta.class;
}
