package dev.tailrace.violations.pipeline;

public class Pipeline {
    Class<?> sees = dev.tailrace.violations.capture.Capture.class;
}
