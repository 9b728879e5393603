package dev.tailrace.violations.capture;

public class Capture {
    Class<?> sees = dev.tailrace.violations.pipeline.Pipeline.class;
}
